// Causal grouped-query attention over a ragged batch, blockwise: the only state kept for the backward pass is the
// log-sum-exp of every row of scores. Method: FlashAttention (Dao et al., 2022), arXiv:2205.14135.
#pragma once
#include "ck_context.h"
#include "ck_gemm.h"

/// The batch: sequence s owns the tokens starts[s] ..< starts[s + 1] and sees nothing else.
typedef struct {
  size_t sequences;
  const int32_t *starts; ///< (sequences + 1)
  size_t heads, kv_heads, head_dim;
  float scale; ///< on the scores, usually 1/sqrt(head_dim)
  enum ck_precision precision; ///< of the products' operands; scores and sums are single precision either way
} ck_attention_shape;

/// out (T, heads * head_dim) and lse (T, heads) from qkv (T, (heads + 2 * kv_heads) * head_dim), each row the query
/// heads, then keys, then values. Returns 0, or -1 when scratch memory cannot be had.
int ck_attention_forward(ck_context *context, ck_attention_shape shape, const float *qkv, float *out, float *lse);

/// dqkv, written whole, from dout. One task owns one (sequence, key head) with all its query heads, so sums have one
/// order. Returns 0, or -1 when scratch memory cannot be had.
int ck_attention_backward(ck_context *context, ck_attention_shape shape, const float *qkv, const float *out,
                          const float *lse, const float *dout, float *dqkv);
