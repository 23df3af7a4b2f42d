// Products in which one side is thin, as those of a low-rank adapter are. In single precision on every path; sums over k run
// in order, so any number of threads gives the same bits.
#pragma once
#include "ck_gemm.h"

/// c (m, n) = a (m, k) · b for few columns n: b is (n, k) for CK_NT, (k, n) for CK_NN.
void ck_narrow_product(ck_context *context, enum ck_form form, size_t m, size_t n, size_t k, const float *a, size_t lda,
                       const float *b, size_t ldb, float *c, size_t ldc);

/// The product aᵀ (m, k) · x (k, n) for few rows m, a being (k, m), added to c: element (i, j) lies at i * row + j * column,
/// so that c may be its own transpose.
void ck_narrow_outer(ck_context *context, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *x, size_t ldx,
                     float *c, size_t row, size_t column);
