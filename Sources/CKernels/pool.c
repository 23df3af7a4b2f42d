#include "pool.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

// A thread's share of a job: a stretch of its tiles, of which others take what is left once theirs are done. Threads that
// took turns at one counter would each read a little of everything: memory is read ahead in stretches, and what is read
// ahead of one tile is of use only to the thread that comes to the next.
typedef struct {
  // Job number in the high half, unclaimed tiles in the low half. A claim is one compare-and-swap, so a thread that
  // wakes late can never take a tile of a job it has not seen; once it holds a tile the job cannot end under it.
  _Alignas(64) _Atomic uint64_t state;
  size_t end;
} share;

struct member {
  _Alignas(64) share share;
  ck_pool *pool;
  int worker;
  pthread_t id;
};

struct ck_pool {
  _Alignas(64) _Atomic size_t finished;
  _Alignas(64) ck_tile run;
  void *job;
  uint32_t number;
  _Atomic int sleepers;
  _Atomic int stop;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  int threads, started;
  struct member members[];
};

enum { SPINS = 4000 }; // about 50 us: longer than the gap between two kernels, shorter than a scheduling slice

static inline void spin_once(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

static uint32_t number_of(uint64_t state) { return (uint32_t)(state >> 32); }

/// Runs what is left of a share; returns how many tiles that were.
static size_t take(ck_pool *pool, share *from, uint32_t number, int worker) {
  size_t done = 0;
  uint64_t state = atomic_load(&from->state);
  while (number_of(state) == number && (uint32_t)state != 0) {
    if (!atomic_compare_exchange_weak(&from->state, &state, state - 1)) continue;
    pool->run(pool->job, from->end - (uint32_t)state, worker);
    done++;
    state = atomic_load(&from->state);
  }
  return done;
}

static void work(ck_pool *pool, uint32_t number, int worker) {
  size_t done = 0;
  for (int i = 0; i < pool->threads; i++) done += take(pool, &pool->members[(worker + i) % pool->threads].share, number, worker);
  if (done > 0) atomic_fetch_add(&pool->finished, done);
}

static void *member_main(void *argument) {
  struct member *member = argument;
  ck_pool *pool = member->pool;
  _Atomic uint64_t *state = &member->share.state;
  uint32_t seen = 0;
  for (;;) {
    for (int spin = 0; spin < SPINS && number_of(atomic_load(state)) == seen; spin++) spin_once();
    if (number_of(atomic_load(state)) == seen) {
      pthread_mutex_lock(&pool->lock);
      atomic_fetch_add(&pool->sleepers, 1);
      while (number_of(atomic_load(state)) == seen && !atomic_load(&pool->stop)) pthread_cond_wait(&pool->wake, &pool->lock);
      atomic_fetch_sub(&pool->sleepers, 1);
      pthread_mutex_unlock(&pool->lock);
    }
    if (atomic_load(&pool->stop)) return NULL;
    seen = number_of(atomic_load(state));
    work(pool, seen, member->worker);
  }
}

ck_pool *ck_pool_create(int threads) {
  if (threads < 1) threads = 1;
  size_t bytes = sizeof(ck_pool) + (size_t)threads * sizeof(struct member);
  ck_pool *pool = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!pool) return NULL;
  *pool = (ck_pool){.threads = threads};
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->wake, NULL);
  for (int worker = 0; worker < threads; worker++) pool->members[worker] = (struct member){.pool = pool, .worker = worker};
  for (int worker = 1; worker < threads; worker++) {
    struct member *member = &pool->members[worker];
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
  for (int worker = 1; worker <= pool->started; worker++) pthread_join(pool->members[worker].id, NULL);
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
  atomic_store(&pool->finished, 0);
  uint32_t number = ++pool->number;
  size_t threads = (size_t)pool->threads;
  // The caller's own share is the last to be known: it is at work as soon as the others can be.
  for (size_t i = threads; i-- > 0;) {
    size_t begin = tiles * i / threads, end = tiles * (i + 1) / threads;
    pool->members[i].share.end = end;
    atomic_store(&pool->members[i].share.state, (uint64_t)number << 32 | (uint32_t)(end - begin));
  }
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
