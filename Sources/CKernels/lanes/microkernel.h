// sum + row · column, each lane a float or, with `pairs`, two neighbours along k in bfloat16.
CK_INLINE vf multiply_add(int pairs, vf row, vf column, vf sum) {
#if CK_DOT_BF16
  if (pairs) return (vf)_mm512_dpbf16_ps((__m512)sum, (__m512bh)row, (__m512bh)column);
#endif
  (void)pairs;
  return row * column + sum;
}

// c (CK_MR, vectors * CK_LANES) = addend + a panel (k, CK_MR) · b panel (k, CK_NR); all sums stay in registers.
CK_INLINE void microkernel(int pairs, int vectors, size_t k, const float *a, const float *b,
                           const float *addend, size_t ld_addend, float *c, size_t ldc) {
  vf sum[CK_MR][CK_NV];
#pragma clang loop unroll(full)
  for (int i = 0; i < CK_MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sum[i][j] = splat(0);
  for (size_t p = 0; p < k; p++) {
    vf column[CK_NV];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) column[j] = load(b + p * CK_NR + (size_t)j * CK_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < CK_MR; i++) {
      vf row = splat_word(a + p * CK_MR + (size_t)i);
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) sum[i][j] = multiply_add(pairs, row, column[j], sum[i][j]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < CK_MR; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
      size_t at = (size_t)j * CK_LANES;
      vf out = sum[i][j];
      if (addend) out += load(addend + (size_t)i * ld_addend + at);
      store(c + (size_t)i * ldc + at, out);
    }
}

CK_INLINE void microkernel_of(int pairs, int vectors, size_t k, const float *a, const float *b,
                           const float *addend, size_t ld_addend, float *c, size_t ldc) {
  if (vectors == 1) microkernel(pairs, 1, k, a, b, addend, ld_addend, c, ldc);
#if CK_NV > 2
  else if (vectors == 2) microkernel(pairs, 2, k, a, b, addend, ld_addend, c, ldc);
#endif
  else microkernel(pairs, CK_NV, k, a, b, addend, ld_addend, c, ldc);
}

CK_INLINE void multiply_panels(int pairs, size_t m, size_t n, size_t k, const float *a, size_t a_stride,
                               const float *b, size_t b_stride, const float *addend, float *c, size_t ldc) {
  for (size_t j = 0; j < n; j += CK_NR, b += b_stride) {
    size_t columns = ck_min(CK_NR, n - j);
    int vectors = (int)((columns + CK_LANES - 1) / CK_LANES);
    const float *panel = a;
    for (size_t i = 0; i < m; i += CK_MR, panel += a_stride) {
      size_t rows = ck_min(CK_MR, m - i), at = i * ldc + j;
      if (rows == CK_MR && columns % CK_LANES == 0) {
        microkernel_of(pairs, vectors, k, panel, b, addend ? addend + at : NULL, ldc, c + at, ldc);
        continue;
      }
      float edge[CK_MR * CK_NR]; // the matrix ends inside this tile: compute it whole, keep the part that exists
      microkernel_of(pairs, vectors, k, panel, b, NULL, 0, edge, CK_NR);
      for (size_t r = 0; r < rows; r++)
        for (size_t q = 0; q < columns; q++)
          c[at + r * ldc + q] = edge[r * CK_NR + q] + (addend ? addend[at + r * ldc + q] : 0);
    }
  }
}

static void multiply(size_t m, size_t n, size_t k, const float *a, size_t a_stride, const float *b, size_t b_stride,
                     const float *addend, float *c, size_t ldc) {
  multiply_panels(0, m, n, k, a, a_stride, b, b_stride, addend, c, ldc);
}

#if CK_DOT_BF16
static void multiply_pairs(size_t m, size_t n, size_t words, const float *a, size_t a_stride, const float *b, size_t b_stride,
                           const float *addend, float *c, size_t ldc) {
  multiply_panels(1, m, n, words, a, a_stride, b, b_stride, addend, c, ldc);
}
#endif
