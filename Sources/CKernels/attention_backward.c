// Causal grouped-query attention, backward. One task owns one (sequence, key head): probabilities are computed again
// from the stored log-sum-exp, and the gradients of keys and values are summed over the group's heads in one order.
#include "attention.h"
#include <string.h>

// In floats: keys and values as panels of keys, keys again as panels of head_dim, then one block's operands.
typedef struct {
  float *keys, *values, *keys_by_dim;
  float *queries, *douts, *queries_by_dim, *douts_by_dim; // (64, D) packed as left, then as right operands
  float *p, *ds;                                          // (64, 384) scores, then probabilities; dP, then dS
  float *transposed, *packed;                             // a (384, 64) and a (64, 384) left operand
} backward_scratch;

static size_t backward_floats(const attention_job *job, size_t length) {
  size_t scores = CK_QUERY_BLOCK * CK_KEY_BLOCK;
  return 2 * packed_keys(job, length) + packed_values(job, length) +
         2 * CK_QUERY_BLOCK * (job->shape.head_dim + job->padded) + 4 * scores;
}

static backward_scratch backward_parts(const attention_job *job, size_t length, float *base) {
  size_t rows = CK_QUERY_BLOCK * job->shape.head_dim, padded = CK_QUERY_BLOCK * job->padded;
  size_t scores = CK_QUERY_BLOCK * CK_KEY_BLOCK;
  backward_scratch parts;
  parts.keys = base;
  parts.values = parts.keys + packed_keys(job, length);
  parts.keys_by_dim = parts.values + packed_keys(job, length);
  parts.queries = parts.keys_by_dim + packed_values(job, length);
  parts.douts = parts.queries + rows;
  parts.queries_by_dim = parts.douts + rows;
  parts.douts_by_dim = parts.queries_by_dim + padded;
  parts.p = parts.douts_by_dim + padded;
  parts.ds = parts.p + scores;
  parts.transposed = parts.ds + scores;
  parts.packed = parts.transposed + scores;
  return parts;
}

static void backward_block(attention_job *job, span tokens, size_t first, size_t head, size_t kv, backward_scratch scratch) {
  const ck_path *path = job->path;
  const ck_product *product = job->product;
  size_t d = job->shape.head_dim, heads = job->shape.heads, width = job->width, mr = path->mr, nr = path->nr;
  size_t queries = ck_min(CK_QUERY_BLOCK, tokens.length - first), seen = first + queries, token = tokens.start + first;
  size_t dim = deep(job, d), rows = deep(job, queries); // depths of panels
  const float *q = job->qkv + token * width + head * d;
  const float *out = job->out + token * job->out_width + head * d, *dout = job->dout + token * job->out_width + head * d;
  float *dq = job->dqkv + token * width + head * d;
  float *dk = job->dqkv + tokens.start * width + (heads + kv) * d, *dv = dk + job->shape.kv_heads * d;
  float delta[CK_QUERY_BLOCK];
  for (size_t i = 0; i < queries; i++) delta[i] = path->dot(d, out + i * job->out_width, dout + i * job->out_width);
  product->pack_rows(scratch.queries, mr, q, width, queries, d);
  product->pack_rows(scratch.douts, mr, dout, job->out_width, queries, d);
  product->pack_columns(scratch.queries_by_dim, nr, q, width, d, queries);
  product->pack_columns(scratch.douts_by_dim, nr, dout, job->out_width, d, queries);
  for (size_t key = 0; key < seen; key += CK_KEY_BLOCK) {
    size_t pass = ck_min(CK_KEY_BLOCK, tokens.length - key), used = ck_min(pass, seen - key), wide = ck_round_up(used, path->lanes);
    product->multiply(queries, wide, dim, scratch.queries, mr * dim, scratch.keys + key * dim, nr * dim, NULL, scratch.p, CK_KEY_BLOCK);
    product->multiply(queries, wide, dim, scratch.douts, mr * dim, scratch.values + key * dim, nr * dim, NULL, scratch.ds, CK_KEY_BLOCK);
    for (size_t i = 0; i < queries; i++)
      path->softmax_row_backward(ck_min(used, first + i + 1 - key), used, job->shape.scale,
                                 job->log_sums[(token + i) * heads + head], delta[i], scratch.p + i * CK_KEY_BLOCK, scratch.ds + i * CK_KEY_BLOCK);
    product->pack_columns(scratch.transposed, mr, scratch.p, CK_KEY_BLOCK, used, queries); // dV += Pᵀ dO
    product->multiply(used, d, rows, scratch.transposed, mr * rows, scratch.douts_by_dim, nr * rows,
                   dv + key * width, dv + key * width, width);
    product->pack_columns(scratch.transposed, mr, scratch.ds, CK_KEY_BLOCK, used, queries); // dK += dSᵀ Q
    product->multiply(used, d, rows, scratch.transposed, mr * rows, scratch.queries_by_dim, nr * rows,
                   dk + key * width, dk + key * width, width);
    product->pack_rows(scratch.packed, mr, scratch.ds, CK_KEY_BLOCK, queries, used); // dQ += dS K
    product->multiply(queries, d, deep(job, used), scratch.packed, mr * deep(job, used),
                      scratch.keys_by_dim + deep(job, key) * job->padded, nr * deep(job, pass),
                   key == 0 ? NULL : dq, dq, width);
  }
}

static void backward_tile(void *argument, size_t tile, int worker) {
  attention_job *job = argument;
  size_t s = tile / job->shape.kv_heads, kv = tile % job->shape.kv_heads, d = job->shape.head_dim;
  size_t group = job->shape.heads / job->shape.kv_heads;
  span tokens = sequence(job, s);
  backward_scratch scratch = backward_parts(job, tokens.length, job->private[worker].data);
  const float *keys = key_at(job, tokens.start, kv), *values = value_at(job, tokens.start, kv);
  job->product->pack_rows(scratch.keys, job->path->nr, keys, job->width, tokens.length, d);
  job->product->pack_rows(scratch.values, job->path->nr, values, job->width, tokens.length, d);
  pack_passes(job, scratch.keys_by_dim, keys, tokens.length);
  for (size_t t = tokens.start; t < tokens.start + tokens.length; t++) {
    float *dk = job->dqkv + t * job->width + (job->shape.heads + kv) * d;
    memset(dk, 0, d * sizeof(float));
    memset(dk + job->shape.kv_heads * d, 0, d * sizeof(float));
  }
  for (size_t first = 0; first < tokens.length; first += CK_QUERY_BLOCK)
    for (size_t head = kv * group; head < (kv + 1) * group; head++) backward_block(job, tokens, first, head, kv, scratch);
}

int ck_attention_backward(ck_context *context, ck_attention_shape shape, const float *qkv, const float *out,
                          const float *lse, const float *dout, float *dqkv) {
  attention_job job = attention_job_make(context, shape, qkv);
  job.out = out, job.dout = dout, job.log_sums = lse, job.dqkv = dqkv;
  size_t longest = 0;
  for (size_t s = 0; s < shape.sequences; s++) {
    size_t length = sequence(&job, s).length;
    if (length > longest) longest = length;
  }
  if (attention_reserve_private(context, backward_floats(&job, longest)) != 0) return -1;
  ck_pool_run(context->pool, shape.sequences * shape.kv_heads, backward_tile, &job);
  return 0;
}
