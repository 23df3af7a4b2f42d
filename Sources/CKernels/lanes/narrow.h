// Products with few columns or few rows. Operands are read where they lie: packing a wide one would cost more than the product.

// c (rows, vectors * CK_LANES) = a (rows, k) · panel (k, ld); sums stay in registers.
CK_INLINE void narrow_block(int rows, int vectors, size_t k, const float *a, size_t lda, const float *panel, size_t ld,
                            size_t columns, float *c, size_t ldc) {
  vf sum[CK_MR][CK_NV];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sum[i][j] = splat(0);
  for (size_t p = 0; p < k; p++) {
    vf column[CK_NV];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) column[j] = load(panel + p * ld + (size_t)j * CK_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      vf row = splat(a[(size_t)i * lda + p]);
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) sum[i][j] = row * column[j] + sum[i][j];
    }
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) {
      size_t at = (size_t)j * CK_LANES;
      if (at < columns) store_part(c + (size_t)i * ldc + at, sum[i][j], columns - at);
    }
}

// c (m, n) = a (m, k) · panel (k, ld), whose columns past n are zero up to a whole vector.
static void narrow_product(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *panel, size_t ld,
                           float *c, size_t ldc) {
  for (size_t j = 0; j < n; j += CK_NR) {
    size_t columns = ck_min(CK_NR, n - j);
    int vectors = (int)((columns + CK_LANES - 1) / CK_LANES);
    for (size_t i = 0; i < m;) {
      const float *from = a + i * lda;
      float *to = c + i * ldc + j;
      if (m - i < CK_MR) narrow_block(1, CK_NV, k, from, lda, panel + j, ld, columns, to, ldc), i++;
      else if (vectors == 1) narrow_block(CK_MR, 1, k, from, lda, panel + j, ld, columns, to, ldc), i += CK_MR;
      else if (vectors < CK_NV) narrow_block(CK_MR, CK_NV - 1, k, from, lda, panel + j, ld, columns, to, ldc), i += CK_MR;
      else narrow_block(CK_MR, CK_NV, k, from, lda, panel + j, ld, columns, to, ldc), i += CK_MR;
    }
  }
}

// sum (rows, CK_NR) = aᵀ · x for a (k, rows) and CK_NR columns of x (k, n), of which `columns` exist.
CK_INLINE void outer_block(int rows, int whole, size_t k, const float *a, size_t lda, const float *x, size_t ldx,
                           size_t columns, float *sums) {
  vf sum[CK_MR][CK_NV];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < CK_NV; j++) sum[i][j] = splat(0);
  for (size_t p = 0; p < k; p++) {
    vf column[CK_NV];
#pragma clang loop unroll(full)
    for (int j = 0; j < CK_NV; j++) {
      size_t at = (size_t)j * CK_LANES;
      column[j] = whole ? load(x + p * ldx + at) : at < columns ? load_part(x + p * ldx + at, columns - at, 0) : splat(0);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      vf row = splat(a[p * lda + (size_t)i]);
#pragma clang loop unroll(full)
      for (int j = 0; j < CK_NV; j++) sum[i][j] = row * column[j] + sum[i][j];
    }
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < CK_NV; j++) store(sums + i * CK_NR + j * CK_LANES, sum[i][j]);
}

// c[i, j] at i * row + j * column += aᵀ · x for up to CK_MR rows and CK_NR columns.
static void narrow_outer(size_t rows, size_t columns, size_t k, const float *a, size_t lda, const float *x, size_t ldx,
                         float *c, size_t row, size_t column) {
  float sums[CK_MR * CK_NR];
  if (rows == CK_MR && columns == CK_NR) outer_block(CK_MR, 1, k, a, lda, x, ldx, columns, sums);
  else if (rows == CK_MR) outer_block(CK_MR, 0, k, a, lda, x, ldx, columns, sums);
  else
    for (size_t i = 0; i < rows; i++) outer_block(1, 0, k, a + i, lda, x, ldx, columns, sums + i * CK_NR);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) c[i * row + j * column] += sums[i * CK_NR + j];
}
