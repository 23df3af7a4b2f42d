// The layers between the matrix products. T tokens, D model width, F feed-forward width, V vocabulary.
#pragma once
#include "ck_context.h"

/// x (T, D) = table (V, D) rows named by tokens (T).
void ck_embedding_forward(ck_context *context, size_t tokens, size_t dim, const int32_t *ids, const float *table, float *x);
/// dtable (V, D) += dx (T, D), tokens in order.
void ck_embedding_backward(ck_context *context, size_t tokens, size_t dim, const int32_t *ids, const float *dx, float *dtable);

/// y (R, D) = gain * x / sqrt(mean(x²) + eps), for the rows of x (T, D) named by `index` (R), or all rows in order when it is NULL.
void ck_rmsnorm_forward(ck_context *context, size_t rows, size_t dim, const int32_t *index, const float *x,
                        const float *gain, float eps, float *y);
/// dx[index] (T, D) += the gradient through the norm; dgain (D) += its gain's gradient, unless it is NULL. dy is (R, D).
/// The gain is summed over fixed blocks of 64 rows. `partial` is scratch of ceil(R / 64) * D floats.
void ck_rmsnorm_backward(ck_context *context, size_t rows, size_t dim, const int32_t *index, const float *x,
                         const float *gain, float eps, const float *dy, float *dx, float *dgain, float *partial);

/// Rotates `heads` heads of `head_dim` at the start of each row (T, stride) by the row's position: element i pairs with
/// i + head_dim/2 (rotate-half, as in transformers). cosines and sines are (positions, head_dim/2). `direction` is 1
/// forward, -1 for the gradient.
void ck_rope(ck_context *context, size_t tokens, size_t heads, size_t head_dim, size_t stride, const int32_t *positions,
             const float *cosines, const float *sines, float direction, float *x);

/// h (T, F) = silu(gate) * up; gate_up is (T, 2F), the gate first.
void ck_swiglu_forward(ck_context *context, size_t tokens, size_t ffn, const float *gate_up, float *h);
/// dgate_up (T, 2F) from dh (T, F).
void ck_swiglu_backward(ck_context *context, size_t tokens, size_t ffn, const float *gate_up, const float *dh, float *dgate_up);

/// losses (R) = -log softmax(logits)[label] for logits (R, V); with `gradient` non-zero logits become
/// (softmax - onehot) * scale in place.
void ck_cross_entropy(ck_context *context, size_t rows, size_t vocab, float *logits, const int32_t *labels, float scale,
                      int gradient, double *losses);
