// The search of ngram_index.c in memory that nobody vouches for.
#include "ngrams.h"

enum { SATURATED = 0xFFFF };

size_t ck_segment_candidates(ck_segment segment, ck_gram_sets sets, ck_bound bound, uint32_t item, uint32_t *stamps,
                             uint32_t stamp, uint32_t *found) {
  const uint32_t *postings = sets.postings + sets.starts[item];
  const uint16_t *places = sets.places + sets.starts[item];
  const uint64_t *signature = sets.signatures + 4 * (size_t)item;
  size_t a = sets.sizes[item], count = 0;
  for (uint32_t p = 0; p < sets.posted[item]; p++) {
    uint32_t bucket = postings[p] >> (32 - segment.bits);
    size_t start = segment.starts[bucket], end = segment.starts[bucket + 1], rest = a - places[p];
    if (start > end || end > segment.postings) return SIZE_MAX;
    for (size_t e = start; e < end; e++) {
      uint64_t entry = segment.entries[e];
      uint32_t other = (uint32_t)entry;
      if (other >= segment.items) return SIZE_MAX;
      size_t b = entry >> 48, place = entry >> 32 & SATURATED;
      if (b == SATURATED) b = segment.sizes[other];
      if (b != segment.sizes[other] || place >= b) return SIZE_MAX;
      size_t most = rest < b - place ? rest : b - place;
      if (most < ck_bound_required(bound, a, b) || stamps[other] == stamp) continue;
      stamps[other] = stamp;
      size_t different = 0;
      for (int word = 0; word < 4; word++)
        different += (size_t)__builtin_popcountll(signature[word] ^ segment.signatures[4 * (size_t)other + word]);
      if (different > a + b) continue;
      found[count] = other;
      count += (a + b - different) / 2 >= ck_bound_required(bound, a, b);
    }
  }
  return count;
}
