// What the two directions of attention share: the batch, where a head lies in a row, and how keys are packed.
#pragma once
#include "context.h"

typedef struct {
  const ck_path *path;
  const ck_product *product;
  ck_attention_shape shape;
  const float *qkv, *out, *dout, *log_sums;
  float *result, *lse, *dqkv;
  float *shared; // packed keys and values of the whole batch, forward only
  ck_scratch *private;
  size_t width, out_width, padded; // of a qkv row, of an out row, of head_dim in panels
  size_t *block_starts;            // (sequences + 1): first query block of each sequence
} attention_job;

typedef struct { size_t start, length; } span;

static inline span sequence(const attention_job *job, size_t s) {
  size_t start = (size_t)job->shape.starts[s];
  return (span){start, (size_t)job->shape.starts[s + 1] - start};
}

static inline const float *key_at(const attention_job *job, size_t token, size_t kv) {
  return job->qkv + token * job->width + (job->shape.heads + kv) * job->shape.head_dim;
}
static inline const float *value_at(const attention_job *job, size_t token, size_t kv) {
  return key_at(job, token, kv + job->shape.kv_heads);
}

// Words of a panel that is `k` deep.
static inline size_t deep(const attention_job *job, size_t k) { return (k + job->product->depth - 1) / job->product->depth; }

// Floats for one (sequence, key head): keys as panels of keys, then values as panels of head_dim, a pass at a time.
static inline size_t packed_keys(const attention_job *job, size_t length) {
  return ck_round_up(length, job->path->nr) * job->shape.head_dim;
}
static inline size_t packed_values(const attention_job *job, size_t length) { return length * job->padded; }

// `tokens` from `matrix` as the k of a product: one set of panels for each pass of keys.
static inline void pack_passes(const attention_job *job, float *panels, const float *matrix, size_t length) {
  for (size_t key = 0; key < length; key += CK_KEY_BLOCK)
    job->product->pack_columns(panels + deep(job, key) * job->padded, job->path->nr, matrix + key * job->width, job->width,
                               job->shape.head_dim, ck_min(CK_KEY_BLOCK, length - key));
}

static inline attention_job attention_job_make(const ck_context *context, ck_attention_shape shape, const float *qkv) {
  return (attention_job){.path = context->path, .product = &context->path->product[shape.precision], .shape = shape, .qkv = qkv, .private = context->private,
                         .width = (shape.heads + 2 * shape.kv_heads) * shape.head_dim,
                         .out_width = shape.heads * shape.head_dim,
                         .padded = ck_round_up(shape.head_dim, context->path->nr)};
}

static inline int attention_reserve_private(ck_context *context, size_t floats) {
  for (int worker = 0; worker < ck_pool_threads(context->pool); worker++)
    if (ck_scratch_reserve(&context->private[worker], floats) != 0) return -1;
  return 0;
}
