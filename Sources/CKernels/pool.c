#include "pool.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

struct ck_pool {
  // Job number in the high half, unclaimed tiles in the low half. A claim is one compare-and-swap, so a thread that
  // wakes late can never take a tile of a job it has not seen; once it holds a tile the job cannot end under it.
  _Atomic uint64_t state;
  _Atomic size_t finished;
  size_t tiles;
  ck_tile run;
  void *job;
  _Atomic int sleepers;
  _Atomic int stop;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  int threads, started;
  struct member { ck_pool *pool; int worker; pthread_t id; } members[];
};

enum { SPINS = 4000 }; // about 50 us: longer than the gap between two kernels, shorter than a scheduling slice

static inline void spin_once(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

static void work(ck_pool *pool, uint32_t number, int worker) {
  uint64_t state = atomic_load(&pool->state);
  for (;;) {
    if ((uint32_t)(state >> 32) != number || (uint32_t)state == 0) return;
    if (!atomic_compare_exchange_weak(&pool->state, &state, state - 1)) continue;
    pool->run(pool->job, pool->tiles - (uint32_t)state, worker);
    atomic_fetch_add(&pool->finished, 1);
    state = atomic_load(&pool->state);
  }
}

static void *member_main(void *argument) {
  struct member *member = argument;
  ck_pool *pool = member->pool;
  uint32_t seen = 0;
  for (;;) {
    for (int spin = 0; spin < SPINS && (uint32_t)(atomic_load(&pool->state) >> 32) == seen; spin++) spin_once();
    if ((uint32_t)(atomic_load(&pool->state) >> 32) == seen) {
      pthread_mutex_lock(&pool->lock);
      atomic_fetch_add(&pool->sleepers, 1);
      while ((uint32_t)(atomic_load(&pool->state) >> 32) == seen && !atomic_load(&pool->stop))
        pthread_cond_wait(&pool->wake, &pool->lock);
      atomic_fetch_sub(&pool->sleepers, 1);
      pthread_mutex_unlock(&pool->lock);
    }
    if (atomic_load(&pool->stop)) return NULL;
    seen = (uint32_t)(atomic_load(&pool->state) >> 32);
    work(pool, seen, member->worker);
  }
}

ck_pool *ck_pool_create(int threads) {
  if (threads < 1) threads = 1;
  ck_pool *pool = calloc(1, sizeof(ck_pool) + (size_t)threads * sizeof(struct member));
  if (!pool) return NULL;
  pool->threads = threads;
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->wake, NULL);
  for (int worker = 1; worker < threads; worker++) {
    struct member *member = &pool->members[pool->started];
    *member = (struct member){.pool = pool, .worker = worker};
    if (pthread_create(&member->id, NULL, member_main, member) != 0) {
      ck_pool_destroy(pool);
      return NULL;
    }
    pool->started++;
  }
  return pool;
}

void ck_pool_destroy(ck_pool *pool) {
  if (!pool) return;
  pthread_mutex_lock(&pool->lock);
  atomic_store(&pool->stop, 1);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  for (int i = 0; i < pool->started; i++) pthread_join(pool->members[i].id, NULL);
  pthread_mutex_destroy(&pool->lock);
  pthread_cond_destroy(&pool->wake);
  free(pool);
}

int ck_pool_threads(const ck_pool *pool) { return pool->threads; }

void ck_pool_run(ck_pool *pool, size_t tiles, ck_tile run, void *job) {
  if (pool->threads == 1 || tiles <= 1) {
    for (size_t tile = 0; tile < tiles; tile++) run(job, tile, 0);
    return;
  }
  pool->run = run;
  pool->job = job;
  pool->tiles = tiles;
  atomic_store(&pool->finished, 0);
  uint32_t number = (uint32_t)(atomic_load(&pool->state) >> 32) + 1;
  atomic_store(&pool->state, (uint64_t)number << 32 | (uint32_t)tiles);
  if (atomic_load(&pool->sleepers) > 0) {
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
  }
  work(pool, number, 0);
  for (int spin = 0; atomic_load(&pool->finished) < tiles; spin++) {
    spin_once();
    if (spin > SPINS) sched_yield();
  }
}
