// The layers over all rows: fixed tiles of rows (or columns), claimed by whichever thread is free.
#include "context.h"
#include <string.h>

enum { ROWS = 16, GAIN_ROWS = 64, COLUMNS = 64 };

typedef struct {
  const ck_path *path;
  size_t rows, width, heads, head_dim, stride;
  const int32_t *index, *labels;
  const float *x, *gain, *dy, *cosines, *sines;
  float *y, *dx, *dgain, *partial, eps, scale;
  double *losses;
  int gradient;
} layer_job;

static size_t tiles_of(size_t count, size_t tile) { return (count + tile - 1) / tile; }

static void embedding_forward_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  layer_job *job = argument;
  for (size_t t = tile * ROWS; t < ck_min(job->rows, (tile + 1) * ROWS); t++)
    memcpy(job->y + t * job->width, job->x + (size_t)job->index[t] * job->width, job->width * sizeof(float));
}

void ck_embedding_forward(ck_context *context, size_t tokens, size_t dim, const int32_t *ids, const float *table, float *x) {
  layer_job job = {.rows = tokens, .width = dim, .index = ids, .x = table, .y = x};
  ck_pool_run(context->pool, tiles_of(tokens, ROWS), embedding_forward_tile, &job);
}

// A token may occur twice, so a tile owns columns and walks the tokens in order.
static void embedding_backward_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  layer_job *job = argument;
  size_t first = tile * COLUMNS, count = ck_min(COLUMNS, job->width - first);
  for (size_t t = 0; t < job->rows; t++)
    job->path->add(count, job->dy + t * job->width + first, job->dx + (size_t)job->index[t] * job->width + first);
}

void ck_embedding_backward(ck_context *context, size_t tokens, size_t dim, const int32_t *ids, const float *dx, float *dtable) {
  layer_job job = {.path = context->path, .rows = tokens, .width = dim, .index = ids, .dy = dx, .dx = dtable};
  ck_pool_run(context->pool, tiles_of(dim, COLUMNS), embedding_backward_tile, &job);
}

static size_t source_row(const layer_job *job, size_t row) { return job->index ? (size_t)job->index[row] : row; }

static void rmsnorm_forward_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  layer_job *job = argument;
  for (size_t r = tile * ROWS; r < ck_min(job->rows, (tile + 1) * ROWS); r++)
    job->path->rmsnorm_row(job->width, job->x + source_row(job, r) * job->width, job->gain, job->eps, job->y + r * job->width);
}

void ck_rmsnorm_forward(ck_context *context, size_t rows, size_t dim, const int32_t *index, const float *x,
                        const float *gain, float eps, float *y) {
  layer_job job = {.path = context->path, .rows = rows, .width = dim, .index = index, .x = x, .gain = gain, .eps = eps, .y = y};
  ck_pool_run(context->pool, tiles_of(rows, ROWS), rmsnorm_forward_tile, &job);
}

static void rmsnorm_backward_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  layer_job *job = argument;
  float *dgain = job->partial + tile * job->width;
  memset(dgain, 0, job->width * sizeof(float));
  for (size_t r = tile * GAIN_ROWS; r < ck_min(job->rows, (tile + 1) * GAIN_ROWS); r++) {
    size_t at = source_row(job, r) * job->width;
    job->path->rmsnorm_row_backward(job->width, job->x + at, job->gain, job->eps, job->dy + r * job->width, job->dx + at, dgain);
  }
}

void ck_rmsnorm_backward(ck_context *context, size_t rows, size_t dim, const int32_t *index, const float *x,
                         const float *gain, float eps, const float *dy, float *dx, float *dgain, float *partial) {
  layer_job job = {.path = context->path, .rows = rows, .width = dim, .index = index, .x = x, .gain = gain, .eps = eps,
                   .dy = dy, .dx = dx, .partial = partial};
  size_t tiles = tiles_of(rows, GAIN_ROWS);
  ck_pool_run(context->pool, tiles, rmsnorm_backward_tile, &job);
  for (size_t tile = 0; dgain && tile < tiles; tile++) context->path->add(dim, partial + tile * dim, dgain);
}

static void rope_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  layer_job *job = argument;
  size_t half = job->head_dim / 2;
  for (size_t t = tile * ROWS; t < ck_min(job->rows, (tile + 1) * ROWS); t++) {
    size_t angle = (size_t)job->index[t] * half;
    for (size_t head = 0; head < job->heads; head++)
      job->path->rope_head(half, job->cosines + angle, job->sines + angle, job->scale, job->y + t * job->stride + head * job->head_dim);
  }
}

void ck_rope(ck_context *context, size_t tokens, size_t heads, size_t head_dim, size_t stride, const int32_t *positions,
             const float *cosines, const float *sines, float direction, float *x) {
  layer_job job = {.path = context->path, .rows = tokens, .heads = heads, .head_dim = head_dim, .stride = stride,
                   .index = positions, .cosines = cosines, .sines = sines, .scale = direction, .y = x};
  ck_pool_run(context->pool, tiles_of(tokens, ROWS), rope_tile, &job);
}

static void swiglu_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  layer_job *job = argument;
  size_t f = job->width;
  for (size_t t = tile * ROWS; t < ck_min(job->rows, (tile + 1) * ROWS); t++) {
    const float *gate = job->x + t * 2 * f, *up = gate + f;
    if (job->gradient) job->path->swiglu_row_backward(f, gate, up, job->dy + t * f, job->dx + t * 2 * f, job->dx + t * 2 * f + f);
    else job->path->swiglu_row(f, gate, up, job->y + t * f);
  }
}

void ck_swiglu_forward(ck_context *context, size_t tokens, size_t ffn, const float *gate_up, float *h) {
  layer_job job = {.path = context->path, .rows = tokens, .width = ffn, .x = gate_up, .y = h};
  ck_pool_run(context->pool, tiles_of(tokens, ROWS), swiglu_tile, &job);
}

void ck_swiglu_backward(ck_context *context, size_t tokens, size_t ffn, const float *gate_up, const float *dh, float *dgate_up) {
  layer_job job = {.path = context->path, .rows = tokens, .width = ffn, .x = gate_up, .dy = dh, .dx = dgate_up, .gradient = 1};
  ck_pool_run(context->pool, tiles_of(tokens, ROWS), swiglu_tile, &job);
}

static void cross_entropy_tile(void *argument, size_t row, int worker) {
  (void)worker;
  layer_job *job = argument;
  job->losses[row] = job->path->cross_entropy_row(job->width, job->y + row * job->width, job->labels[row], job->scale, job->gradient);
}

void ck_cross_entropy(ck_context *context, size_t rows, size_t vocab, float *logits, const int32_t *labels, float scale,
                      int gradient, double *losses) {
  layer_job job = {.path = context->path, .width = vocab, .y = logits, .labels = labels, .scale = scale,
                   .gradient = gradient, .losses = losses};
  ck_pool_run(context->pool, rows, cross_entropy_tile, &job);
}
