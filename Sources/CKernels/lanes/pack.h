// Packing into panels (k, width): what the microkernel reads becomes one forward stream.
typedef float four __attribute__((vector_size(16)));
typedef float four_unaligned __attribute__((vector_size(16), aligned(4)));

// Four rows of four words, transposed in registers.
CK_INLINE void transpose_words(four a, four b, four c, four d, float *out, size_t width) {
  four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(four_unaligned *)out = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  *(four_unaligned *)(out + width) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  *(four_unaligned *)(out + 2 * width) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  *(four_unaligned *)(out + 3 * width) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

CK_INLINE void transpose4(const float *source, size_t ld, float *out, size_t width) {
  transpose_words(*(const four_unaligned *)source, *(const four_unaligned *)(source + ld),
                  *(const four_unaligned *)(source + 2 * ld), *(const four_unaligned *)(source + 3 * ld), out, width);
}

static void pack_rows(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k) {
  for (size_t r = 0; r < rows; r += width, panels += width * k) {
    size_t present = ck_min(width, rows - r), whole = present / 4 * 4, p = 0;
    const float *from = source + r * ld;
    for (; p + 4 <= k; p += 4)
      for (size_t i = 0; i < whole; i += 4) transpose4(from + i * ld + p, ld, panels + p * width + i, width);
    for (; p < k; p++)
      for (size_t i = 0; i < whole; i++) panels[p * width + i] = from[i * ld + p];
    for (size_t i = whole; i < width; i++)
      for (p = 0; p < k; p++) panels[p * width + i] = i < present ? from[i * ld + p] : 0;
  }
}

// Walks down the source a whole group of panels wide, so that each page is visited once.
static void pack_columns(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k) {
  for (size_t p = 0; p < k; p++) {
    const float *from = source + p * ld;
    for (size_t r = 0; r < rows; r += width) {
      float *out = panels + r * k + p * width;
      size_t present = ck_min(width, rows - r), i = 0;
      if (present == width)
        for (; i < width; i += 4) *(four_unaligned *)(out + i) = *(const four_unaligned *)(from + r + i);
      for (; i < width; i++) out[i] = i < present ? from[r + i] : 0;
    }
  }
}
