#include "similarity.h"
#include <stdlib.h>
#include <string.h>

// A bucket's arrays seen as what grows, and how many lists they have room for, a multiple of CK_SIGNATURE_LANES.
typedef struct {
  uint64_t *signatures, *checks;
  uint32_t *tokens, *numbers, *groups;
  size_t words, check_words, room;
} shelf;

struct ck_token_pool {
  ck_bucket *buckets; // the shortest first
  shelf *shelves;
  size_t count, bucket_room, shelf_room;
};

ck_token_pool *ck_token_pool_create(void) { return calloc(1, sizeof(ck_token_pool)); }

void ck_token_pool_destroy(ck_token_pool *pool) {
  if (!pool) return;
  for (size_t i = 0; i < pool->count; i++) {
    free(pool->shelves[i].signatures);
    free(pool->shelves[i].checks);
    free(pool->shelves[i].tokens);
    free(pool->shelves[i].numbers);
    free(pool->shelves[i].groups);
  }
  free(pool->buckets);
  free(pool->shelves);
  free(pool);
}

const ck_bucket *ck_token_pool_buckets(const ck_token_pool *pool, size_t *count) {
  *count = pool->count;
  return pool->buckets;
}

static size_t place(const ck_token_pool *pool, size_t length) {
  size_t low = 0, high = pool->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (pool->buckets[middle].length < length) low = middle + 1;
    else high = middle;
  }
  return low;
}

static int insert(ck_token_pool *pool, size_t at, size_t length) {
  if (ck_room((void **)&pool->buckets, &pool->bucket_room, pool->count + 1, sizeof(ck_bucket)) < 0) return -1;
  if (ck_room((void **)&pool->shelves, &pool->shelf_room, pool->count + 1, sizeof(shelf)) < 0) return -1;
  memmove(pool->buckets + at + 1, pool->buckets + at, (pool->count - at) * sizeof(ck_bucket));
  memmove(pool->shelves + at + 1, pool->shelves + at, (pool->count - at) * sizeof(shelf));
  pool->buckets[at] = (ck_bucket){.length = length, .end = UINT32_MAX};
  pool->shelves[at] = (shelf){.words = ck_signature_words(length), .check_words = ck_check_words(length)};
  pool->count++;
  return 0;
}

static int resize(void **array, size_t elements, size_t size) {
  if (elements > SIZE_MAX / size) return -1;
  void *moved = realloc(*array, elements ? elements * size : 1);
  if (moved) *array = moved;
  return moved ? 0 : -1;
}

static int grow(shelf *shelf, ck_bucket *bucket) {
  size_t room = shelf->room ? 2 * shelf->room : CK_SIGNATURE_LANES;
  if (bucket->length && room > SIZE_MAX / sizeof(uint32_t) / bucket->length) return -1;
  if (resize((void **)&shelf->signatures, room * shelf->words, sizeof(uint64_t)) < 0 ||
      resize((void **)&shelf->checks, room * shelf->check_words, sizeof(uint64_t)) < 0 ||
      resize((void **)&shelf->tokens, room * bucket->length, sizeof(uint32_t)) < 0 ||
      resize((void **)&shelf->numbers, room, sizeof(uint32_t)) < 0 ||
      resize((void **)&shelf->groups, room, sizeof(uint32_t)) < 0)
    return -1;
  // Lanes that no list has yet are compared too.
  memset(shelf->signatures + shelf->room * shelf->words, 0, (room - shelf->room) * shelf->words * sizeof(uint64_t));
  shelf->room = room;
  bucket->signatures = shelf->signatures;
  bucket->checks = shelf->checks;
  bucket->tokens = shelf->tokens;
  bucket->numbers = shelf->numbers;
  bucket->groups = shelf->groups;
  return 0;
}

static uint64_t *lane(const shelf *shelf, size_t item) {
  return shelf->signatures + item / CK_SIGNATURE_LANES * shelf->words * CK_SIGNATURE_LANES + item % CK_SIGNATURE_LANES;
}

int ck_token_pool_append(ck_token_pool *pool, const uint32_t *tokens, size_t length, uint32_t number, uint32_t group) {
  size_t at = place(pool, length);
  if (at == pool->count || pool->buckets[at].length != length)
    if (insert(pool, at, length) < 0) return -1;
  ck_bucket *bucket = &pool->buckets[at];
  shelf *shelf = &pool->shelves[at];
  if (bucket->count == shelf->room && grow(shelf, bucket) < 0) return -1;
  size_t item = bucket->count++;
  uint64_t signatures[CK_SIGNATURE_ROOM], checks[CK_CHECK_ROOM];
  ck_sign(tokens, length, shelf->words, signatures, checks);
  for (size_t w = 0; w < shelf->words; w++) lane(shelf, item)[w * CK_SIGNATURE_LANES] = signatures[shelf->words - 1 + w];
  memcpy(shelf->checks + item * shelf->check_words, checks + shelf->check_words - 4, shelf->check_words * sizeof(uint64_t));
  if (length) memcpy(shelf->tokens + item * length, tokens, length * sizeof(uint32_t));
  shelf->numbers[item] = number;
  shelf->groups[item] = group;
  return 0;
}

static void move(const shelf *shelf, size_t length, size_t to, size_t from) {
  for (size_t w = 0; w < shelf->words; w++)
    lane(shelf, to)[w * CK_SIGNATURE_LANES] = lane(shelf, from)[w * CK_SIGNATURE_LANES];
  memcpy(shelf->checks + to * shelf->check_words, shelf->checks + from * shelf->check_words,
         shelf->check_words * sizeof(uint64_t));
  memcpy(shelf->tokens + to * length, shelf->tokens + from * length, length * sizeof(uint32_t));
  shelf->numbers[to] = shelf->numbers[from];
  shelf->groups[to] = shelf->groups[from];
}

void ck_token_pool_retain(ck_token_pool *pool, uint32_t first, const uint8_t *kept) {
  for (size_t i = 0; i < pool->count; i++) {
    ck_bucket *bucket = &pool->buckets[i];
    shelf *shelf = &pool->shelves[i];
    size_t start = bucket->count;
    while (start > 0 && shelf->numbers[start - 1] >= first) start--;
    size_t to = start;
    for (size_t from = start; from < bucket->count; from++) {
      if (!kept[shelf->numbers[from] - first]) continue;
      if (to != from) move(shelf, bucket->length, to, from);
      to++;
    }
    bucket->count = to;
  }
}
