#include "context.h"
#include <string.h>

enum { TILE = 1 << 16 };

typedef struct {
  const ck_path *path;
  size_t count;
  ck_adamw step;
  const float *gradient;
  float *weight, *m, *v;
} update_job;

static size_t tiles_of(size_t count) { return (count + TILE - 1) / TILE; }

static void adamw_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  update_job *job = argument;
  size_t at = tile * TILE;
  job->path->adamw(ck_min(TILE, job->count - at), job->step, job->gradient + at, job->weight + at, job->m + at, job->v + at);
}

void ck_adamw_step(ck_context *context, size_t count, ck_adamw step, const float *gradient, float *weight, float *m, float *v) {
  update_job job = {.path = context->path, .count = count, .step = step, .gradient = gradient, .weight = weight, .m = m, .v = v};
  ck_pool_run(context->pool, tiles_of(count), adamw_tile, &job);
}

typedef struct { const ck_path *path; size_t count, first; const float *x; double sums[256]; } square_job;

static void square_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  square_job *job = argument;
  size_t at = (job->first + tile) * TILE;
  job->sums[tile] = job->path->sum_of_squares(ck_min(TILE, job->count - at), job->x + at);
}

double ck_sum_of_squares(ck_context *context, size_t count, const float *x) {
  square_job job = {.path = context->path, .count = count, .x = x};
  size_t tiles = tiles_of(count), slots = sizeof job.sums / sizeof *job.sums;
  double sum = 0;
  for (; job.first < tiles; job.first += slots) {
    size_t now = ck_min(slots, tiles - job.first);
    ck_pool_run(context->pool, now, square_tile, &job);
    for (size_t i = 0; i < now; i++) sum += job.sums[i];
  }
  return sum;
}

typedef struct { const ck_path *path; size_t count; float factor, *x; } scale_job;

static void scale_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  scale_job *job = argument;
  job->path->scale_row(ck_min(TILE, job->count - tile * TILE), job->factor, job->x + tile * TILE);
}

void ck_scale(ck_context *context, size_t count, float factor, float *x) {
  scale_job job = {.path = context->path, .count = count, .factor = factor, .x = x};
  ck_pool_run(context->pool, tiles_of(count), scale_tile, &job);
}

static void zero_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  update_job *job = argument;
  memset(job->weight + tile * TILE, 0, ck_min(TILE, job->count - tile * TILE) * sizeof(float));
}

void ck_zero(ck_context *context, size_t count, float *x) {
  update_job job = {.count = count, .weight = x};
  ck_pool_run(context->pool, tiles_of(count), zero_tile, &job);
}
