// Grams of one text among those of many others.
#include "ngrams.h"

enum { AHEAD = 16 };

size_t ck_gram_find(ck_gram_index index, const uint64_t *hashes, size_t count, uint32_t *places, uint32_t *numbers) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) __builtin_prefetch(&index.slots[hashes[i + AHEAD] & index.mask]);
    size_t slot = hashes[i] & index.mask;
    while (index.slots[slot] != 0 && index.slots[slot] != hashes[i]) slot = (slot + 1) & index.mask;
    if (index.slots[slot] == 0) continue;
    places[found] = (uint32_t)i;
    numbers[found++] = index.numbers[slot];
  }
  return found;
}
