// Packing in bfloat16. Where the processor multiplies it, a word holds two neighbours along k, the first in its low half;
// elsewhere a word is one value rounded to bfloat16, and the single-precision microkernel multiplies those.
#if CK_DOT_BF16
#define CK_BF16_DEPTH 2

CK_INLINE uint32_t word_of(float low, float high) {
  __m128i pair = (__m128i)_mm_cvtne2ps_pbh(_mm_set_ss(high), _mm_set_ss(low));
  return (uint32_t)(uint16_t)_mm_extract_epi16(pair, 0) | (uint32_t)(uint16_t)_mm_extract_epi16(pair, 4) << 16;
}

static void put_word(float *out, float low, float high) {
  uint32_t word = word_of(low, high);
  memcpy(out, &word, sizeof word);
}

// Eight neighbours along k as four words.
CK_INLINE four words_of(const float *source) { return (four)_mm256_cvtneps_pbh(_mm256_loadu_ps(source)); }

static void pack_rows_bf16(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k) {
  size_t words = (k + 1) / 2;
  for (size_t r = 0; r < rows; r += width, panels += width * words) {
    size_t present = ck_min(width, rows - r), whole = present / 4 * 4, p = 0;
    const float *from = source + r * ld;
    for (; 2 * p + 8 <= k; p += 4)
      for (size_t i = 0; i < whole; i += 4) {
        const float *at = from + i * ld + 2 * p;
        transpose_words(words_of(at), words_of(at + ld), words_of(at + 2 * ld), words_of(at + 3 * ld),
                        panels + p * width + i, width);
      }
    for (size_t q = 0; q < words; q++)
      for (size_t i = q < p ? whole : 0; i < width; i++) {
        const float *at = from + i * ld + 2 * q;
        if (i < present) put_word(panels + q * width + i, at[0], 2 * q + 1 < k ? at[1] : 0);
        else put_word(panels + q * width + i, 0, 0);
      }
  }
}

static void pack_columns_bf16(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k) {
  size_t words = (k + 1) / 2;
  for (size_t p = 0; p < words; p++) {
    const float *from = source + 2 * p * ld;
    int isWhole = 2 * p + 1 < k;
    for (size_t r = 0; r < rows; r += width) {
      float *out = panels + r * words + p * width;
      size_t present = ck_min(width, rows - r), i = 0;
      if (isWhole)
        for (; i + 8 <= present; i += 8) {
          __m256i low = _mm256_cvtepu16_epi32((__m128i)_mm256_cvtneps_pbh(_mm256_loadu_ps(from + r + i)));
          __m256i high = _mm256_cvtepu16_epi32((__m128i)_mm256_cvtneps_pbh(_mm256_loadu_ps(from + ld + r + i)));
          _mm256_storeu_si256((__m256i *)(out + i), _mm256_or_si256(low, _mm256_slli_epi32(high, 16)));
        }
      for (; i < width; i++)
        put_word(out + i, i < present ? from[r + i] : 0, i < present && isWhole ? from[ld + r + i] : 0);
    }
  }
}
#else
#define CK_BF16_DEPTH 1

// To nearest, ties to even. What is not a number stays so.
static void round_to_bf16(size_t n, float *x) {
  for (size_t i = 0; i < n; i++) {
    uint32_t word;
    memcpy(&word, x + i, sizeof word);
    if ((word & 0x7FFFFFFF) > 0x7F800000) word |= 0x400000;
    else word += 0x7FFF + (word >> 16 & 1);
    word &= 0xFFFF0000;
    memcpy(x + i, &word, sizeof word);
  }
}

static void pack_rows_bf16(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k) {
  pack_rows(panels, width, source, ld, rows, k);
  round_to_bf16((rows + width - 1) / width * width * k, panels);
}

static void pack_columns_bf16(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k) {
  pack_columns(panels, width, source, ld, rows, k);
  round_to_bf16((rows + width - 1) / width * width * k, panels);
}

#define multiply_pairs multiply
#endif
