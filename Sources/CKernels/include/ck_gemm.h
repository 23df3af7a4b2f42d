// Matrix products over packed panels.
#pragma once
#include "ck_context.h"

/// How the operands lie in memory; the result is always (m, n).
enum ck_form {
  CK_NT = 0, ///< a is (m, k), b is (n, k): y = x·Wᵀ, the forward pass of a linear layer
  CK_NN = 1, ///< a is (m, k), b is (k, n): dx = dy·W
  CK_TN = 2, ///< a is (k, m), b is (k, n): dW = dyᵀ·x
};

/// What the operands are rounded to while they are packed. Products are summed in single precision either way, and
/// matrices in memory are single precision.
enum ck_precision {
  CK_F32 = 0, ///< as they are
  CK_BF16 = 1, ///< bfloat16, rounded to nearest even: half the panels, and twice the speed where the processor multiplies it
};

/// Computes c = addend + op(a)·op(b). `addend` is NULL for zero, `c` itself to accumulate, or another (m, n) matrix
/// of the same row stride (a residual). Strides lda, ldb, ldc are in floats. The sum over k runs in an order that
/// depends on the shape alone, so any number of threads gives the same bits.
void ck_gemm(ck_context *context, enum ck_form form, enum ck_precision precision, size_t m, size_t n, size_t k,
             const float *a, size_t lda, const float *b, size_t ldb,
             const float *addend, float *c, size_t ldc);

/// A second product of k terms, in the form of the first: a is (m, k), b (n, k) for CK_NT and (k, n) for CK_NN.
typedef struct { size_t k; const float *a; size_t lda; const float *b; size_t ldb; } ck_tail;

/// The same with the tail's product added, tile by tile while c is at hand: for a low-rank tail, whose own pass over c would
/// cost more than its arithmetic. Not for CK_TN.
void ck_gemm_with_tail(ck_context *context, enum ck_form form, enum ck_precision precision, size_t m, size_t n, size_t k,
                       const float *a, size_t lda, const float *b, size_t ldb, ck_tail tail,
                       const float *addend, float *c, size_t ldc);
