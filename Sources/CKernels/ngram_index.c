// Postings of rare grams, and the items that share some: prefix, length and positional filters (Xiao, Wang, Lin, Yu, "Efficient
// similarity joins for near duplicate detection", 2008), then a bound from the parities of 256 bits.
#include "ngrams.h"

enum { SATURATED = 0xFFFF };

size_t ck_postings_prune(ck_gram_sets sets, const uint32_t *items, size_t count, uint8_t *counts, int bits) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = sets.postings + sets.starts[items[i]];
    for (uint32_t p = 0; p < sets.posted[items[i]]; p++) {
      uint32_t place = postings[p] >> (32 - bits);
      uint8_t *cell = &counts[place >> 2];
      int shift = (int)(place & 3) * 2;
      *cell += (uint8_t)(((*cell >> shift & 3) < 2) << shift);
    }
  }
  size_t left = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t *postings = sets.postings + sets.starts[items[i]], kept = 0;
    uint16_t *places = sets.places + sets.starts[items[i]];
    for (uint32_t p = 0; p < sets.posted[items[i]]; p++) {
      uint32_t place = postings[p] >> (32 - bits);
      postings[kept] = postings[p];
      places[kept] = places[p];
      kept += (counts[place >> 2] >> (place & 3) * 2 & 3) > 1;
    }
    sets.posted[items[i]] = kept;
    left += kept;
  }
  return left;
}

static inline uint32_t bucket_of(ck_posting_index index, uint32_t posting) { return posting >> (32 - index.bits); }

double ck_postings_reserve(ck_posting_index index, ck_gram_sets sets, const uint32_t *items, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = sets.postings + sets.starts[items[i]];
    for (uint32_t p = 0; p < sets.posted[items[i]]; p++) index.buckets[bucket_of(index, postings[p])].end++;
  }
  uint32_t start = 0;
  double squares = 0;
  for (size_t b = 0; b < (size_t)1 << index.bits; b++) {
    uint32_t room = index.buckets[b].end;
    squares += (double)room * room;
    index.buckets[b] = (struct ck_bucket){start, start};
    start += room;
  }
  return squares;
}

void ck_postings_append(ck_posting_index index, ck_gram_sets sets, uint32_t item) {
  const uint32_t *postings = sets.postings + sets.starts[item];
  const uint16_t *places = sets.places + sets.starts[item];
  uint64_t size = sets.sizes[item] < SATURATED ? sets.sizes[item] : SATURATED;
  for (uint32_t p = 0; p < sets.posted[item]; p++)
    index.entries[index.buckets[bucket_of(index, postings[p])].end++] = size << 48 | (uint64_t)places[p] << 32 | item;
}

void ck_postings_prefetch(ck_posting_index index, ck_gram_sets sets, uint32_t near, uint32_t far) {
  __builtin_prefetch(sets.signatures + 4 * (size_t)near);
  const uint32_t *postings = sets.postings + sets.starts[far];
  for (uint32_t p = 0; p < sets.posted[far]; p++) __builtin_prefetch(&index.buckets[bucket_of(index, postings[p])], 1);
  postings = sets.postings + sets.starts[near];
  for (uint32_t p = 0; p < sets.posted[near]; p++)
    __builtin_prefetch(&index.entries[index.buckets[bucket_of(index, postings[p])].start], 1);
}

static inline __attribute__((always_inline)) uint64_t different_bits(const uint64_t *one, const uint64_t *other) {
  uint64_t count = 0;
  for (int word = 0; word < 4; word++) count += (uint64_t)__builtin_popcountll(one[word] ^ other[word]);
  return count;
}

static inline __attribute__((always_inline)) size_t candidates(ck_posting_index index, ck_gram_sets sets, ck_bound bound,
                                                               uint32_t item, uint32_t *stamps, uint32_t stamp,
                                                               uint32_t *found) {
  const uint32_t *postings = sets.postings + sets.starts[item];
  const uint16_t *places = sets.places + sets.starts[item];
  size_t a = sets.sizes[item], count = 0;
  for (uint32_t p = 0; p < sets.posted[item]; p++) {
    struct ck_bucket bucket = index.buckets[bucket_of(index, postings[p])];
    size_t rest = a - places[p], passed = count;
    // Without branches, none of which could be foretold.
    for (uint32_t e = bucket.start; e < bucket.end; e++) {
      uint64_t entry = index.entries[e];
      size_t b = entry >> 48, others = b - (entry >> 32 & SATURATED);
      if (__builtin_expect(b == SATURATED, 0)) {
        b = sets.sizes[(uint32_t)entry];
        others = b - (entry >> 32 & SATURATED);
      }
      // When this is the first gram that the two share, they share no more than what is left of either from its place on.
      size_t most = rest < others ? rest : others;
      found[passed] = (uint32_t)entry;
      passed += most >= ck_bound_required(bound, a, b);
    }
    for (size_t i = count; i < passed; i++) {
      uint32_t other = found[i];
      found[count] = other;
      count += stamps[other] != stamp;
      stamps[other] = stamp;
      __builtin_prefetch(sets.signatures + 4 * (size_t)other);
    }
  }
  // Each bit that differs is at least one gram that only one of the two has.
  const uint64_t *signature = sets.signatures + 4 * (size_t)item;
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t other = found[i];
    size_t b = sets.sizes[other];
    size_t most = (a + b - different_bits(signature, sets.signatures + 4 * (size_t)other)) / 2;
    found[kept] = other;
    kept += most >= ck_bound_required(bound, a, b);
  }
  return kept;
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) static size_t candidates_popcnt(ck_posting_index index, ck_gram_sets sets, ck_bound bound,
                                                                  uint32_t item, uint32_t *stamps, uint32_t stamp,
                                                                  uint32_t *found) {
  return candidates(index, sets, bound, item, stamps, stamp, found);
}
#endif

size_t ck_postings_candidates(ck_posting_index index, ck_gram_sets sets, ck_bound bound, uint32_t item, uint32_t *stamps,
                              uint32_t stamp, uint32_t *found) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return candidates_popcnt(index, sets, bound, item, stamps, stamp, found);
#endif
  return candidates(index, sets, bound, item, stamps, stamp, found);
}
