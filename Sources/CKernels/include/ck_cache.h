// Attention of new tokens to the keys and values of those before them, kept in a cache.
#pragma once
#include "ck_context.h"

/// Positions a block of keys holds.
enum { CK_CACHE_BLOCK = 16 };

/// Keys of one layer and stream are (kv_heads, capacity / 16, head_dim, 16), values (kv_heads, capacity, head_dim);
/// capacity is a multiple of 16.
typedef struct {
  float *qkv;          ///< (heads + 2 * kv_heads) * head_dim: query heads, key heads, value heads; queries are turned in place
  float *out;          ///< heads * head_dim
  float *keys, *values;
  size_t capacity;
  size_t position;     ///< of this token in its text
} ck_cached_token;

typedef struct {
  size_t heads, kv_heads, head_dim;
  float scale;         ///< on the scores, usually 1/sqrt(head_dim)
  size_t window;       ///< tokens that a token sees, itself included; 0 for all
  int interleaved;     ///< rows of queries and keys pair 2i with 2i + 1, as GGUF files keep them, and not i with i + head_dim/2
  const float *cosines, *sines; ///< (positions, head_dim / 2)
} ck_cached_shape;

/// Turns queries and keys of every token by its position, puts keys and values into the caches, and attends.
/// Tokens of one cache stand in order; with `single` every token has a cache of its own. Returns 0, or -1 without memory.
int ck_cached_attention(ck_context *context, ck_cached_shape shape, size_t tokens, const ck_cached_token *rows, int single);

/// weights (n) become exp(weights * scale - largest * scale); returns their sum.
double ck_sampling_weights(ck_context *context, size_t n, float scale, float *weights);
