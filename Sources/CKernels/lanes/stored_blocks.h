// Stored weights in blocks: a part of 32 elements becomes 16-bit integers with a scale and, in some formats, a minimum.
// Definitions: ggml-common.h and ggml-quants.c of ggml.
typedef int16_t vw __attribute__((vector_size(CK_LANES * 4)));          // 2 * CK_LANES integers
typedef uint8_t vb __attribute__((vector_size(CK_LANES * 2)));          // as many bytes
typedef int8_t vsb __attribute__((vector_size(CK_LANES * 2)));
typedef uint64_t vb_words __attribute__((vector_size(CK_LANES * 2)));
typedef int16_t half_words __attribute__((vector_size(CK_LANES * 2)));  // CK_LANES integers
typedef uint8_t eight_bytes __attribute__((vector_size(8)));
typedef int8_t eight_signed __attribute__((vector_size(8)));
typedef float eight_floats __attribute__((vector_size(32)));

enum { CK_PART = 32, CK_UNIT = 2 * CK_LANES, CK_UNITS = CK_PART / CK_UNIT };

CK_INLINE size_t block_bytes(enum ck_format format) {
  switch (format) {
  case CK_STORED_Q4_0: return 18;
  case CK_STORED_Q4_1: return 20;
  case CK_STORED_Q5_0: return 22;
  case CK_STORED_Q5_1: return 24;
  case CK_STORED_Q8_0: return 34;
  case CK_STORED_Q4_K: return 144;
  case CK_STORED_Q5_K: return 176;
  case CK_STORED_Q6_K: return 210;
  default: return 0;
  }
}

/// Parts of 32 in a block; 0 for formats without blocks.
CK_INLINE size_t block_parts(enum ck_format format) {
  switch (format) {
  case CK_STORED_Q4_K: case CK_STORED_Q5_K: case CK_STORED_Q6_K: return 8;
  case CK_STORED_F32: case CK_STORED_F16: case CK_STORED_BF16: return 0;
  default: return 1;
  }
}

CK_INLINE int has_minimum(enum ck_format format) {
  return format == CK_STORED_Q4_1 || format == CK_STORED_Q5_1 || format == CK_STORED_Q4_K || format == CK_STORED_Q5_K;
}

/// What the parts of a block are multiplied by, and what is added: element = integer * scale + minimum. Q6_K has a scale
/// for each half of a part.
typedef struct {
  float scale[16], minimum[8];
} block_scales;

CK_INLINE uint32_t word_at(const uint8_t *p) {
  uint32_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

CK_INLINE void bytes_times(uint32_t low, uint32_t high, float factor, float *out) {
  uint64_t both = (uint64_t)high << 32 | low;
  eight_bytes bytes;
  memcpy(&bytes, &both, sizeof bytes);
  eight_floats values = __builtin_convertvector(bytes, eight_floats) * factor;
  memcpy(out, &values, sizeof values);
}

/// Six bits each; the upper two of the last four parts' lie in the tops of the first four's.
CK_INLINE void packed_scales(const uint8_t *block, block_scales *out) {
  uint32_t a = word_at(block + 4), b = word_at(block + 8), c = word_at(block + 12);
  const uint32_t six = 0x3F3F3F3F, four = 0x0F0F0F0F, two = 0x03030303;
  bytes_times(a & six, (c & four) | (a >> 6 & two) << 4, half_at(block), out->scale);
  bytes_times(b & six, (c >> 4 & four) | (b >> 6 & two) << 4, -half_at(block + 2), out->minimum);
}

CK_INLINE void load_scales(enum ck_format format, const uint8_t *block, block_scales *out) {
  switch (format) {
  case CK_STORED_Q4_1: case CK_STORED_Q5_1: out->minimum[0] = half_at(block + 2); // and the scale
    __attribute__((fallthrough));
  case CK_STORED_Q4_0: case CK_STORED_Q5_0: case CK_STORED_Q8_0: out->scale[0] = half_at(block); break;
  case CK_STORED_Q4_K: case CK_STORED_Q5_K: packed_scales(block, out); break;
  case CK_STORED_Q6_K:
    for (size_t i = 0; i < 16; i += 8) {
      eight_signed bytes;
      memcpy(&bytes, block + 192 + i, sizeof bytes);
      eight_floats values = __builtin_convertvector(bytes, eight_floats) * half_at(block + 208);
      memcpy(out->scale + i, &values, sizeof values);
    }
    break;
  default: break;
  }
}

CK_INLINE vb load_bytes(const uint8_t *p) {
  vb v;
  memcpy(&v, p, sizeof v);
  return v;
}

CK_INLINE vw words_of_bytes(const uint8_t *p) { return __builtin_convertvector(load_bytes(p), vw); }

/// Bytes whose low nibbles are the first half of a part and whose high ones the second.
CK_INLINE vw halves_of_nibbles(const uint8_t *p, size_t unit) {
  size_t i = unit * CK_UNIT;
  vw pairs = words_of_bytes(p + i % 16);
  return i < 16 ? pairs & 15 : pairs >> 4;
}

/// 16 in every element whose bit of the 32 is set.
CK_INLINE vw fifth_bits(const uint8_t *bits, size_t unit) {
  vb_words spread;
  for (size_t i = 0; i < CK_UNIT / 8; i++) spread[i] = bits[unit * CK_UNIT / 8 + i] * 0x0101010101010101u;
  vb_words mask = (vb_words){} + 0x8040201008040201u;
  return __builtin_convertvector((vb)((vb)(spread & mask) != 0) & 16, vw);
}

/// Unit `unit` of a part, as integers in the order of the elements.
CK_INLINE vw unit_words(enum ck_format format, const uint8_t *block, size_t part, size_t unit) {
  size_t i = unit * CK_UNIT;
  switch (format) {
  case CK_STORED_Q4_0: return halves_of_nibbles(block + 2, unit) - 8;
  case CK_STORED_Q4_1: return halves_of_nibbles(block + 4, unit);
  case CK_STORED_Q5_0: return (halves_of_nibbles(block + 6, unit) | fifth_bits(block + 2, unit)) - 16;
  case CK_STORED_Q5_1: return halves_of_nibbles(block + 8, unit) | fifth_bits(block + 4, unit);
  case CK_STORED_Q8_0: {
    vsb v;
    memcpy(&v, block + 2 + i, sizeof v);
    return __builtin_convertvector(v, vw);
  }
  case CK_STORED_Q4_K: {
    vw pairs = words_of_bytes(block + 16 + part / 2 * 32 + i);
    return part % 2 ? pairs >> 4 : pairs & 15;
  }
  case CK_STORED_Q5_K: {
    vw pairs = words_of_bytes(block + 48 + part / 2 * 32 + i), fifth = (words_of_bytes(block + 16 + i) >> (int16_t)part & 1) << 4;
    return (part % 2 ? pairs >> 4 : pairs & 15) | fifth;
  }
  case CK_STORED_Q6_K: {
    size_t quarter = part % 4;
    vw pairs = words_of_bytes(block + part / 4 * 64 + quarter % 2 * 32 + i);
    vw upper = words_of_bytes(block + 128 + part / 4 * 32 + i) >> (int16_t)(2 * quarter) & 3;
    return ((quarter < 2 ? pairs & 15 : pairs >> 4) | upper << 4) - 32;
  }
  default: return (vw){};
  }
}

/// Products of neighbours, added in pairs: exact in 32 bits.
CK_INLINE vi multiply_pairs_of_words(vw a, vw b) {
#if defined(__x86_64__) && CK_LANES == 8
  return (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (vi)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  vi even, odd;
  for (size_t i = 0; i < CK_LANES; i++) {
    even[i] = (int32_t)a[2 * i] * b[2 * i];
    odd[i] = (int32_t)a[2 * i + 1] * b[2 * i + 1];
  }
  return even + odd;
#endif
}

/// `count` activations, a multiple of 32, as integers: each part's largest becomes 32767.
static void quantize_row(size_t count, const float *x, int16_t *words, float *scales, float *sums) {
  for (size_t p = 0; p < count / CK_PART; p++) {
    const float *from = x + p * CK_PART;
    vf largest = splat(0);
    for (size_t i = 0; i < CK_PART; i += CK_LANES) largest = __builtin_elementwise_max(largest, __builtin_elementwise_abs(load(from + i)));
    float most = max_lanes(largest);
    for (size_t i = 0; i < CK_PART; i++)
      if (!(from[i] - from[i] == 0)) most = INFINITY; // no number or infinite: neither has an integer
    if (!(most < INFINITY)) {
      memset(words + p * CK_PART, 0, CK_PART * sizeof *words);
      scales[p] = sums[p] = NAN;
      continue;
    }
    float inverse = most > 0 ? 32767 / most : 0;
    if (!(inverse < INFINITY)) inverse = 0; // so small that nothing is left of it in the product either
    vi sum = {};
    for (size_t i = 0; i < CK_PART; i += CK_LANES) {
      // Adding 1.5 * 2^23 rounds to an integer.
      vi q = __builtin_convertvector((load(from + i) * inverse + 12582912.0f) - 12582912.0f, vi);
      half_words narrow = __builtin_convertvector(q, half_words);
      memcpy(words + p * CK_PART + i, &narrow, sizeof narrow);
      sum += q;
    }
    int32_t total = 0;
    for (size_t i = 0; i < CK_LANES; i++) total += sum[i];
    scales[p] = most / 32767;
    sums[p] = scales[p] * (float)total;
  }
}
