// Postings of rare grams, and the items that share some: prefix, length and positional filters (Xiao, Wang, Lin, Yu, "Efficient
// similarity joins for near duplicate detection", 2008), then a bound from the parities of 256 bits.
#include "ngrams.h"

enum { SATURATED = 0xFFFF };

void ck_postings_prune(ck_gram_sets sets, const uint32_t *items, size_t count, uint8_t *counts, int bits) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = sets.postings + sets.starts[items[i]];
    for (uint32_t p = 0; p < sets.posted[items[i]]; p++) {
      uint32_t place = postings[p] >> (32 - bits);
      uint8_t *cell = &counts[place >> 2];
      int shift = (int)(place & 3) * 2;
      *cell += (uint8_t)(((*cell >> shift & 3) < 2) << shift);
    }
  }
  for (size_t i = 0; i < count; i++) {
    uint32_t *postings = sets.postings + sets.starts[items[i]], kept = 0, first = 0;
    uint16_t *places = sets.places + sets.starts[items[i]];
    for (uint32_t p = 0; p < sets.posted[items[i]]; p++) {
      uint32_t place = postings[p] >> (32 - bits);
      postings[kept] = postings[p];
      places[kept] = places[p];
      kept += (counts[place >> 2] >> (place & 3) * 2 & 3) > 1;
      first = p < sets.firsts[items[i]] ? kept : first;
    }
    sets.posted[items[i]] = kept;
    sets.firsts[items[i]] = first;
  }
}

static inline uint32_t bucket_of(ck_posting_index index, uint32_t posting) { return posting >> (32 - index.bits); }

/// The places of a part among an item's postings.
static inline uint32_t part_start(ck_gram_sets sets, enum ck_posting_part part, uint32_t item) {
  return part == CK_OTHER_POSTINGS ? sets.firsts[item] : 0;
}
static inline uint32_t part_end(ck_gram_sets sets, enum ck_posting_part part, uint32_t item) {
  return part == CK_FIRST_POSTINGS ? sets.firsts[item] : sets.posted[item];
}

void ck_postings_reserve(ck_posting_index index, ck_gram_sets sets, enum ck_posting_part part, const uint32_t *items,
                         size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = sets.postings + sets.starts[items[i]];
    for (uint32_t p = part_start(sets, part, items[i]); p < part_end(sets, part, items[i]); p++)
      index.buckets[bucket_of(index, postings[p])].end++;
  }
  uint32_t start = 0;
  for (size_t b = 0; b < (size_t)1 << index.bits; b++) {
    uint32_t room = index.buckets[b].end;
    index.buckets[b] = (struct ck_gram_bucket){start, start};
    start += room;
  }
}

double ck_postings_visits(ck_posting_index first, ck_posting_index other) {
  double visits = 0;
  size_t last = ((size_t)1 << first.bits) - 1;
  for (size_t b = 0; b < last; b++) {
    double own = first.buckets[b + 1].start - first.buckets[b].start;
    double rest = other.buckets ? other.buckets[b + 1].start - other.buckets[b].start : 0;
    visits += own * (own / 2 + rest);
  }
  return visits;
}

void ck_postings_append(ck_posting_index index, ck_gram_sets sets, enum ck_posting_part part, uint32_t item) {
  const uint32_t *postings = sets.postings + sets.starts[item];
  const uint16_t *places = sets.places + sets.starts[item];
  uint64_t size = sets.sizes[item] < SATURATED ? sets.sizes[item] : SATURATED;
  for (uint32_t p = part_start(sets, part, item); p < part_end(sets, part, item); p++)
    index.entries[index.buckets[bucket_of(index, postings[p])].end++] = size << 48 | (uint64_t)places[p] << 32 | item;
}

void ck_postings_prefetch(ck_posting_index index, ck_gram_sets sets, uint32_t near, uint32_t far) {
  __builtin_prefetch(sets.signatures + 4 * (size_t)near);
  const uint32_t *postings = sets.postings + sets.starts[far];
  for (uint32_t p = 0; p < sets.firsts[far]; p++) __builtin_prefetch(&index.buckets[bucket_of(index, postings[p])], 1);
  postings = sets.postings + sets.starts[near];
  for (uint32_t p = 0; p < sets.firsts[near]; p++)
    __builtin_prefetch(&index.entries[index.buckets[bucket_of(index, postings[p])].start], 1);
}

static inline __attribute__((always_inline)) uint64_t different_bits(const uint64_t *one, const uint64_t *other) {
  uint64_t count = 0;
  for (int word = 0; word < 4; word++) count += (uint64_t)__builtin_popcountll(one[word] ^ other[word]);
  return count;
}

/// Adds what is in the buckets of an item's first `end` postings to `count` found before.
static inline __attribute__((always_inline)) size_t collect(ck_posting_index index, ck_gram_sets sets, ck_bound bound,
                                                            uint32_t item, uint32_t end, uint32_t *stamps, uint32_t stamp,
                                                            uint32_t *found, size_t count) {
  const uint32_t *postings = sets.postings + sets.starts[item];
  const uint16_t *places = sets.places + sets.starts[item];
  size_t a = sets.sizes[item];
  for (uint32_t p = 0; p < end; p++) {
    struct ck_gram_bucket bucket = index.buckets[bucket_of(index, postings[p])];
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
  return count;
}

static inline __attribute__((always_inline)) size_t candidates(ck_posting_index first, ck_posting_index other,
                                                               ck_gram_sets sets, ck_bound bound, uint32_t item,
                                                               uint32_t *stamps, uint32_t stamp, uint32_t *found) {
  // The smaller set's first postings are enough: this one's in all of the others, the others' first in all of this one.
  size_t count = collect(first, sets, bound, item, sets.posted[item], stamps, stamp, found, 0);
  if (other.buckets) count = collect(other, sets, bound, item, sets.firsts[item], stamps, stamp, found, count);
  // Each bit that differs is at least one gram that only one of the two has.
  const uint64_t *signature = sets.signatures + 4 * (size_t)item;
  size_t a = sets.sizes[item], kept = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t near = found[i];
    size_t b = sets.sizes[near];
    size_t most = (a + b - different_bits(signature, sets.signatures + 4 * (size_t)near)) / 2;
    found[kept] = near;
    kept += most >= ck_bound_required(bound, a, b);
  }
  return kept;
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) static size_t candidates_popcnt(ck_posting_index first, ck_posting_index other,
                                                                  ck_gram_sets sets, ck_bound bound, uint32_t item,
                                                                  uint32_t *stamps, uint32_t stamp, uint32_t *found) {
  return candidates(first, other, sets, bound, item, stamps, stamp, found);
}
#endif

size_t ck_postings_candidates(ck_posting_index first, ck_posting_index other, ck_gram_sets sets, ck_bound bound, uint32_t item,
                              uint32_t *stamps, uint32_t stamp, uint32_t *found) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return candidates_popcnt(first, other, sets, bound, item, stamps, stamp, found);
#endif
  return candidates(first, other, sets, bound, item, stamps, stamp, found);
}
