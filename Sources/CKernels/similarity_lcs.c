// The LCS of one query with many lists: its masks are made once, unless the query is longer than a strip.
#include "similarity.h"
#include <string.h>

static void set(ck_worker *worker, const uint32_t *tokens, size_t count) {
  size_t words = (count + 63) / 64;
  uint32_t used = 0;
  memset(worker->masks, 0, words * sizeof(uint64_t));
  for (size_t i = 0; i < count; i++) {
    uint32_t *slot = &worker->slots.slots[tokens[i]];
    if (*slot == 0) {
      *slot = ++used;
      memset(worker->masks + used * words, 0, words * sizeof(uint64_t));
    }
    worker->masks[*slot * words + i / 64] |= (uint64_t)1 << i % 64;
  }
}

static void clear(ck_worker *worker, const uint32_t *tokens, size_t count) {
  for (size_t i = 0; i < count; i++) worker->slots.slots[tokens[i]] = 0;
}

void ck_lcs_begin(ck_worker *worker, const uint32_t *query, size_t length) {
  if (length <= CK_STRIP) set(worker, query, length);
}

void ck_lcs_end(ck_worker *worker, const uint32_t *query, size_t length) {
  if (length <= CK_STRIP) clear(worker, query, length);
}

static size_t in_strips(ck_worker *worker, const ck_similarity_path *path, const uint32_t *query, size_t length,
                        const uint32_t *tokens, size_t count) {
  if (ck_room((void **)&worker->carries, &worker->carry_room, count, 1) < 0) {
    worker->failed = 1;
    return 0;
  }
  memset(worker->carries, 0, count);
  size_t lcs = 0;
  for (size_t first = 0; first < length; first += CK_STRIP) {
    size_t part = ck_smaller(CK_STRIP, length - first);
    set(worker, query + first, part);
    lcs += path->lcs_strip(worker->masks, (part + 63) / 64, worker->slots, tokens, count, worker->carries);
    clear(worker, query + first, part);
  }
  return lcs;
}

size_t ck_lcs(ck_worker *worker, const ck_similarity_path *path, const uint32_t *query, size_t length, const uint32_t *tokens,
              size_t count) {
  // What long lists of boilerplate share is mostly at their ends.
  size_t start = 0, end = 0;
  if (length > 64) {
    start = path->same(query, tokens, ck_smaller(length, count));
    end = path->same_end(query + length, tokens + count, ck_smaller(length, count) - start);
  }
  if (length > CK_STRIP)
    return start + end + in_strips(worker, path, query + start, length - start - end, tokens + start, count - start - end);
  return start + end + path->lcs(worker->masks, (length + 63) / 64, start, length - end, worker->slots, tokens + start,
                                 count - start - end);
}
