#include "context.h"

enum { TILE = 1 << 14 };

typedef struct {
  const ck_path *path;
  size_t count;
  ck_dropout_key key;
  const float *x, *addend;
  float *y;
} dropout_job;

static void dropout_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  dropout_job *job = argument;
  size_t first = tile * TILE;
  ck_dropout_key key = job->key;
  key.high += (uint32_t)((uint64_t)first >> 32); // the count in a tile has 32 bits
  job->path->dropout(ck_min(TILE, job->count - first), (uint32_t)first, key, job->x + first,
                     job->addend ? job->addend + first : NULL, job->y + first);
}

void ck_dropout(ck_context *context, size_t count, uint64_t key, float share, const float *x, const float *addend, float *y) {
  dropout_job job = {.path = context->path, .count = count, .x = x, .addend = addend, .y = y,
                     .key = {(uint32_t)key, (uint32_t)(key >> 32), (uint32_t)((double)share * 4294967296.0), 1 / (1 - share)}};
  ck_pool_run(context->pool, (count + TILE - 1) / TILE, dropout_tile, &job);
}
