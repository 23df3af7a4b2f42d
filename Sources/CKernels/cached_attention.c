// Attention over a cache: a task is one token and one key head with all its query heads.
#include "context.h"
#include <math.h>
#include <string.h>

typedef struct {
  ck_context *context;
  ck_cached_shape shape;
  const ck_cached_token *rows;
} cached_job;

static void append(const cached_job *job, const ck_cached_token *token, size_t head) {
  const ck_cached_shape *shape = &job->shape;
  size_t dim = shape->head_dim, half = dim / 2, group = shape->heads / shape->kv_heads;
  const float *cosines = shape->cosines + token->position * half, *sines = shape->sines + token->position * half;
  for (size_t g = 0; g < group; g++)
    job->context->path->turn_head(half, cosines, sines, shape->interleaved, token->qkv + (head * group + g) * dim);
  float *key = token->qkv + (shape->heads + head) * dim;
  job->context->path->turn_head(half, cosines, sines, shape->interleaved, key);
  float *block = token->keys + head * token->capacity * dim + token->position / CK_CACHE_BLOCK * CK_CACHE_BLOCK * dim +
                 token->position % CK_CACHE_BLOCK;
  for (size_t d = 0; d < dim; d++) block[d * CK_CACHE_BLOCK] = key[d];
  memcpy(token->values + (head * token->capacity + token->position) * dim,
         token->qkv + (shape->heads + shape->kv_heads + head) * dim, dim * sizeof(float));
}

static void attend(const cached_job *job, const ck_cached_token *token, size_t head, int worker) {
  const ck_cached_shape *shape = &job->shape;
  size_t dim = shape->head_dim, group = shape->heads / shape->kv_heads;
  size_t first = shape->window && token->position + 1 > shape->window ? token->position + 1 - shape->window : 0;
  size_t cache = head * token->capacity * dim;
  job->context->path->attend_cached(group, dim, first, token->position, shape->scale, token->qkv + head * group * dim,
                                    token->keys + cache, token->values + cache, job->context->private[worker].data,
                                    token->out + head * group * dim);
}

static void append_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  cached_job *job = argument;
  append(job, &job->rows[tile / job->shape.kv_heads], tile % job->shape.kv_heads);
}

static void attend_tile(void *argument, size_t tile, int worker) {
  cached_job *job = argument;
  attend(job, &job->rows[tile / job->shape.kv_heads], tile % job->shape.kv_heads, worker);
}

static void single_tile(void *argument, size_t tile, int worker) {
  append_tile(argument, tile, worker);
  attend_tile(argument, tile, worker);
}

int ck_cached_attention(ck_context *context, ck_cached_shape shape, size_t tokens, const ck_cached_token *rows, int single) {
  size_t longest = 0;
  for (size_t t = 0; t < tokens; t++) longest = rows[t].position > longest ? rows[t].position : longest;
  longest = ck_round_up(longest, 1024); // not a new page for every token
  for (int worker = 0; worker < ck_pool_threads(context->pool); worker++)
    if (ck_scratch_reserve(&context->private[worker], 4 * (longest + 2 * CK_CACHE_BLOCK)) != 0) return -1;
  cached_job job = {context, shape, rows};
  size_t tiles = tokens * shape.kv_heads;
  if (single) {
    ck_pool_run(context->pool, tiles, single_tile, &job);
  } else {
    ck_pool_run(context->pool, tiles, append_tile, &job);
    ck_pool_run(context->pool, tiles, attend_tile, &job);
  }
  return 0;
}

double ck_sampling_weights(ck_context *context, size_t n, float scale, float *weights) {
  float maximum = -INFINITY, sum = 0;
  context->path->softmax_row(n, n, scale, weights, &maximum, &sum);
  return (double)sum;
}
