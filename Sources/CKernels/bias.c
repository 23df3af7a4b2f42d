// The bias of a linear layer: rows are claimed forward, columns backward.
#include "context.h"

enum { ROWS = 16, COLUMNS = 64 };

typedef struct {
  const ck_path *path;
  size_t rows, width;
  const float *from;
  float *to;
} bias_job;

static void forward_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  bias_job *job = argument;
  for (size_t t = tile * ROWS; t < ck_min(job->rows, (tile + 1) * ROWS); t++)
    job->path->add(job->width, job->from, job->to + t * job->width);
}

void ck_bias_forward(ck_context *context, size_t tokens, size_t outputs, const float *bias, float *y) {
  bias_job job = {.path = context->path, .rows = tokens, .width = outputs, .from = bias, .to = y};
  ck_pool_run(context->pool, (tokens + ROWS - 1) / ROWS, forward_tile, &job);
}

static void backward_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  bias_job *job = argument;
  size_t first = tile * COLUMNS, count = ck_min(COLUMNS, job->width - first);
  for (size_t t = 0; t < job->rows; t++) job->path->add(count, job->from + t * job->width + first, job->to + first);
}

void ck_bias_backward(ck_context *context, size_t tokens, size_t outputs, const float *dy, float *dbias) {
  bias_job job = {.path = context->path, .rows = tokens, .width = outputs, .from = dy, .to = dbias};
  ck_pool_run(context->pool, (outputs + COLUMNS - 1) / COLUMNS, backward_tile, &job);
}
