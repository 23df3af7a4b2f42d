// The index of ngram_lists.c as it lies in a file, and its search in memory that nobody vouches for.
#include "ngrams.h"

enum { SATURATED = 0xFFFF };

void ck_segment_fill(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, uint32_t *starts, uint64_t *entries,
                     int bits) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = prefixes.postings + prefixes.starts[items[i]];
    for (uint32_t p = 0; p < prefixes.counts[items[i]]; p++) starts[postings[p] >> (32 - bits)]++;
  }
  uint32_t start = 0;
  for (size_t bucket = 0; bucket <= (size_t)1 << bits; bucket++) {
    uint32_t room = starts[bucket];
    starts[bucket] = start;
    start += room;
  }
  // What is filled ends where the next one begins, and is brought back afterwards.
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = prefixes.postings + prefixes.starts[items[i]];
    const uint16_t *places = prefixes.places + prefixes.starts[items[i]];
    uint64_t size = prefixes.heads[items[i]].size < SATURATED ? prefixes.heads[items[i]].size : SATURATED;
    for (uint32_t p = 0; p < prefixes.counts[items[i]]; p++)
      entries[starts[postings[p] >> (32 - bits)]++] = size << 48 | (uint64_t)places[p] << 32 | items[i];
  }
  for (size_t bucket = (size_t)1 << bits; bucket > 0; bucket--) starts[bucket] = starts[bucket - 1];
  starts[0] = 0;
}

const ck_gram_set *ck_segment_set(ck_segment segment, size_t item) {
  if (item >= segment.items) return NULL;
  uint64_t place = segment.places[item];
  if (place % 8 != 0 || place > segment.bytes || segment.bytes - place < sizeof(ck_gram_set)) return NULL;
  const ck_gram_set *set = (const ck_gram_set *)(segment.sets + place);
  return ck_gram_set_bytes(set->size) <= segment.bytes - place ? set : NULL;
}

size_t ck_segment_candidates(ck_segment segment, ck_gram_prefixes prefixes, ck_bound bound, uint32_t item, uint32_t *stamps,
                             uint32_t stamp, uint32_t *found) {
  const uint32_t *postings = prefixes.postings + prefixes.starts[item];
  const uint16_t *places = prefixes.places + prefixes.starts[item];
  const uint64_t *signature = prefixes.heads[item].signature;
  size_t a = prefixes.heads[item].size, count = 0;
  for (uint32_t p = 0; p < prefixes.counts[item]; p++) {
    uint32_t bucket = postings[p] >> (32 - segment.bits);
    size_t start = segment.starts[bucket], end = segment.starts[bucket + 1], rest = a - places[p];
    if (start > end || end > segment.postings) return SIZE_MAX;
    for (size_t e = start; e < end; e++) {
      uint64_t entry = segment.entries[e];
      uint32_t other = (uint32_t)entry;
      if (other >= segment.items) return SIZE_MAX;
      size_t b = entry >> 48, place = entry >> 32 & SATURATED;
      if (b == SATURATED) {
        const ck_gram_set *set = ck_segment_set(segment, other);
        if (!set) return SIZE_MAX;
        b = set->size;
      }
      if (place >= b) return SIZE_MAX;
      size_t most = rest < b - place ? rest : b - place;
      if (most < ck_bound_required(bound, a, b) || stamps[other] == stamp) continue;
      stamps[other] = stamp;
      const ck_gram_set *set = ck_segment_set(segment, other);
      if (!set || set->size != b) return SIZE_MAX;
      size_t different = 0;
      for (int word = 0; word < 4; word++) different += (size_t)__builtin_popcountll(signature[word] ^ set->signature[word]);
      if (different > a + b) continue;
      found[count] = other;
      count += (a + b - different) / 2 >= ck_bound_required(bound, a, b);
    }
  }
  return count;
}
