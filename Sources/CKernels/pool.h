// A pool of threads that claim fixed tiles. Which thread runs a tile is chance; what a tile computes never depends on it.
#pragma once
#include <stddef.h>

typedef struct ck_pool ck_pool;
typedef void (*ck_tile)(void *job, size_t tile, int worker);

ck_pool *ck_pool_create(int threads);
void ck_pool_destroy(ck_pool *pool);
int ck_pool_threads(const ck_pool *pool);
/// Runs tile 0 ..< tiles, the caller working too, and returns when all are done. `worker` is 0 ..< threads.
void ck_pool_run(ck_pool *pool, size_t tiles, ck_tile run, void *job);
