// Causal grouped-query attention, forward: blocks of 64 queries over passes of 384 keys, with a running softmax.
#include "attention.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Where the panels of (sequence, key head) start in the shared store; sequences lie one after another.
static float *packed_pair(const attention_job *job, size_t s, size_t kv) {
  size_t before = 0;
  for (size_t i = 0; i < s; i++) {
    size_t length = sequence(job, i).length;
    before += packed_keys(job, length) + packed_values(job, length);
  }
  size_t length = sequence(job, s).length;
  return job->shared + before * job->shape.kv_heads + kv * (packed_keys(job, length) + packed_values(job, length));
}

static void pack_pair_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  attention_job *job = argument;
  size_t s = tile / job->shape.kv_heads, kv = tile % job->shape.kv_heads;
  span tokens = sequence(job, s);
  float *keys = packed_pair(job, s, kv), *values = keys + packed_keys(job, tokens.length);
  job->product->pack_rows(keys, job->path->nr, key_at(job, tokens.start, kv), job->width, tokens.length, job->shape.head_dim);
  pack_passes(job, values, value_at(job, tokens.start, kv), tokens.length);
}

typedef struct { float *queries, *scores, *packed_scores, *sum; } forward_scratch;

static size_t forward_floats(const attention_job *job) {
  return 2 * CK_QUERY_BLOCK * (job->shape.head_dim + CK_KEY_BLOCK);
}

static forward_scratch forward_parts(const attention_job *job, float *base) {
  size_t rows = CK_QUERY_BLOCK * job->shape.head_dim, scores = CK_QUERY_BLOCK * CK_KEY_BLOCK;
  return (forward_scratch){base, base + rows, base + rows + scores, base + rows + 2 * scores};
}

// One block of queries of one head against all keys up to its last query.
static void forward_block(attention_job *job, span tokens, size_t first, size_t head, const float *keys, const float *values,
                          forward_scratch scratch) {
  const ck_path *path = job->path;
  const ck_product *product = job->product;
  size_t d = job->shape.head_dim, queries = ck_min(CK_QUERY_BLOCK, tokens.length - first), seen = first + queries;
  float maximum[CK_QUERY_BLOCK], total[CK_QUERY_BLOCK];
  for (size_t i = 0; i < queries; i++) maximum[i] = -INFINITY, total[i] = 0;
  memset(scratch.sum, 0, queries * d * sizeof(float));
  product->pack_rows(scratch.queries, path->mr, job->qkv + (tokens.start + first) * job->width + head * d, job->width, queries, d);
  for (size_t key = 0; key < seen; key += CK_KEY_BLOCK) {
    size_t pass = ck_min(CK_KEY_BLOCK, tokens.length - key), used = ck_min(pass, seen - key), wide = ck_round_up(used, path->lanes);
    product->multiply(queries, wide, deep(job, d), scratch.queries, path->mr * deep(job, d), keys + key * deep(job, d),
                      path->nr * deep(job, d), NULL, scratch.scores, CK_KEY_BLOCK);
    for (size_t i = 0; i < queries; i++) {
      size_t valid = ck_min(used, first + i + 1 - key);
      float factor = path->softmax_row(valid, used, job->shape.scale, scratch.scores + i * CK_KEY_BLOCK, &maximum[i], &total[i]);
      if (factor != 1) path->scale_row(d, factor, scratch.sum + i * d);
    }
    product->pack_rows(scratch.packed_scores, path->mr, scratch.scores, CK_KEY_BLOCK, queries, used);
    product->multiply(queries, d, deep(job, used), scratch.packed_scores, path->mr * deep(job, used),
                      values + deep(job, key) * job->padded, path->nr * deep(job, pass), scratch.sum, scratch.sum, d);
  }
  for (size_t i = 0; i < queries; i++) {
    size_t token = tokens.start + first + i;
    float *row = job->result + token * job->out_width + head * d;
    memcpy(row, scratch.sum + i * d, d * sizeof(float));
    path->scale_row(d, 1 / total[i], row);
    job->lse[token * job->shape.heads + head] = maximum[i] + logf(total[i]);
  }
}

static void forward_tile(void *argument, size_t tile, int worker) {
  attention_job *job = argument;
  size_t block = tile / job->shape.kv_heads, kv = tile % job->shape.kv_heads, s = 0;
  while (block >= job->block_starts[s + 1]) s++;
  span tokens = sequence(job, s);
  const float *keys = packed_pair(job, s, kv);
  forward_scratch scratch = forward_parts(job, job->private[worker].data);
  size_t group = job->shape.heads / job->shape.kv_heads;
  for (size_t head = kv * group; head < (kv + 1) * group; head++)
    forward_block(job, tokens, (block - job->block_starts[s]) * CK_QUERY_BLOCK, head, keys, keys + packed_keys(job, tokens.length), scratch);
}

int ck_attention_forward(ck_context *context, ck_attention_shape shape, const float *qkv, float *out, float *lse) {
  attention_job job = attention_job_make(context, shape, qkv);
  job.result = out, job.lse = lse;
  size_t shared = 0, blocks = 0;
  job.block_starts = malloc((shape.sequences + 1) * sizeof(size_t));
  if (!job.block_starts) return -1;
  for (size_t s = 0; s < shape.sequences; s++) {
    size_t length = sequence(&job, s).length;
    shared += (packed_keys(&job, length) + packed_values(&job, length)) * shape.kv_heads;
    job.block_starts[s] = blocks;
    blocks += (length + CK_QUERY_BLOCK - 1) / CK_QUERY_BLOCK;
  }
  job.block_starts[shape.sequences] = blocks;
  int status = ck_scratch_reserve(&context->shared, shared);
  if (status == 0) status = attention_reserve_private(context, forward_floats(&job));
  if (status == 0) {
    job.shared = context->shared.data;
    ck_pool_run(context->pool, shape.sequences * shape.kv_heads, pack_pair_tile, &job);
    ck_pool_run(context->pool, blocks * shape.kv_heads, forward_tile, &job);
  }
  free(job.block_starts);
  return status;
}
