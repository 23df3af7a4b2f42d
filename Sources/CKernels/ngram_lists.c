// Postings of rare grams, and the items that share some: prefix, length and positional filters (Xiao, Wang, Lin, Yu, "Efficient
// similarity joins for near duplicate detection", 2008), then a bound from the parities of 256 bits.
#include "ngrams.h"

enum { SATURATED = 0xFFFF };

/// The places of a part among an item's postings.
static inline uint32_t part_start(ck_gram_prefixes prefixes, enum ck_posting_part part, uint32_t item) {
  return part == CK_OTHER_POSTINGS ? prefixes.firsts[item] : 0;
}
static inline uint32_t part_end(ck_gram_prefixes prefixes, enum ck_posting_part part, uint32_t item) {
  return part == CK_FIRST_POSTINGS ? prefixes.firsts[item] : prefixes.counts[item];
}

size_t ck_posting_lists_begin(ck_gram_prefixes prefixes, enum ck_posting_part part, const uint32_t *items, size_t count,
                              uint32_t *begins, int bits) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = prefixes.postings + prefixes.starts[items[i]];
    for (uint32_t p = part_start(prefixes, part, items[i]); p < part_end(prefixes, part, items[i]); p++)
      begins[postings[p] >> (32 - bits)]++;
  }
  // The first entry says of all empty lists that there is none.
  uint32_t begin = 1;
  for (size_t list = 0; list < (size_t)1 << bits; list++) {
    uint32_t room = begins[list];
    begins[list] = room ? begin : 0;
    begin += room ? room + 1 : 0;
  }
  begins[(size_t)1 << bits] = begin;
  return begin;
}

double ck_posting_lists_visits(const uint32_t *first, const uint32_t *other, int bits) {
  double visits = 0, last = first[(size_t)1 << bits], rest_last = other ? other[(size_t)1 << bits] : 0;
  for (size_t list = (size_t)1 << bits; list-- > 0;) {
    double own = 0, rest = 0;
    if (first[list]) {
      own = last - first[list] - 1;
      last = first[list];
    }
    if (other && other[list]) {
      rest = rest_last - other[list] - 1;
      rest_last = other[list];
    }
    visits += own * (own / 2 + rest);
  }
  return visits;
}

void ck_posting_lists_place(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, const uint32_t *begins, int bits,
                            uint32_t *lists) {
  for (size_t i = 0; i < count; i++) {
    uint32_t start = prefixes.starts[items[i]];
    for (uint32_t p = start; p < start + prefixes.counts[items[i]]; p++) lists[p] = begins[prefixes.postings[p] >> (32 - bits)];
  }
}

void ck_posting_lists_append(ck_posting_lists index, ck_gram_prefixes prefixes, enum ck_posting_part part, uint32_t item) {
  const uint32_t *lists = index.lists + prefixes.starts[item];
  const uint16_t *places = prefixes.places + prefixes.starts[item];
  uint64_t size = prefixes.heads[item].size < SATURATED ? prefixes.heads[item].size : SATURATED;
  for (uint32_t p = part_start(prefixes, part, item); p < part_end(prefixes, part, item); p++) {
    uint64_t *list = index.entries + lists[p];
    list[++list[0]] = size << 48 | (uint64_t)places[p] << 32 | item;
  }
}

void ck_posting_lists_prefetch(ck_posting_lists index, ck_gram_prefixes prefixes, uint32_t item) {
  __builtin_prefetch(&prefixes.heads[item]);
  const uint32_t *lists = index.lists + prefixes.starts[item];
  for (uint32_t p = 0; p < prefixes.firsts[item]; p++) {
    // Most lists are as long as a line of the cache, and few begin with one.
    __builtin_prefetch(index.entries + lists[p], 1);
    __builtin_prefetch(index.entries + lists[p] + 7, 1);
  }
}

static inline __attribute__((always_inline)) uint64_t different_bits(const uint64_t *one, const uint64_t *other) {
  uint64_t count = 0;
  for (int word = 0; word < 4; word++) count += (uint64_t)__builtin_popcountll(one[word] ^ other[word]);
  return count;
}

/// Adds what is in the lists of an item's first `end` postings to `count` found before.
static inline __attribute__((always_inline)) size_t collect(ck_posting_lists index, ck_gram_prefixes prefixes, ck_bound bound,
                                                            uint32_t item, uint32_t end, uint32_t *stamps, uint32_t stamp,
                                                            uint32_t *found, size_t count) {
  const uint32_t *lists = index.lists + prefixes.starts[item];
  const uint16_t *places = prefixes.places + prefixes.starts[item];
  size_t a = prefixes.heads[item].size;
  for (uint32_t p = 0; p < end; p++) {
    const uint64_t *list = index.entries + lists[p];
    size_t rest = a - places[p], passed = count, last = list[0];
    // Without branches, none of which could be foretold.
    for (size_t e = 1; e <= last; e++) {
      uint64_t entry = list[e];
      size_t b = entry >> 48, others = b - (entry >> 32 & SATURATED);
      if (__builtin_expect(b == SATURATED, 0)) {
        b = prefixes.heads[(uint32_t)entry].size;
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
      __builtin_prefetch(&prefixes.heads[other]);
    }
  }
  return count;
}

static inline __attribute__((always_inline)) size_t candidates(ck_posting_lists first, ck_posting_lists other,
                                                               ck_gram_prefixes prefixes, ck_bound bound, uint32_t item,
                                                               uint32_t *stamps, uint32_t stamp, uint32_t *found) {
  // The smaller set's first postings are enough: this one's in all of the others, the others' first in all of this one.
  size_t count = collect(first, prefixes, bound, item, prefixes.counts[item], stamps, stamp, found, 0);
  if (other.lists) count = collect(other, prefixes, bound, item, prefixes.firsts[item], stamps, stamp, found, count);
  // Each bit that differs is at least one gram that only one of the two has.
  const uint64_t *signature = prefixes.heads[item].signature;
  size_t a = prefixes.heads[item].size, kept = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t near = found[i];
    size_t b = prefixes.heads[near].size;
    size_t most = (a + b - different_bits(signature, prefixes.heads[near].signature)) / 2;
    found[kept] = near;
    kept += most >= ck_bound_required(bound, a, b);
  }
  return kept;
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) static size_t candidates_popcnt(ck_posting_lists first, ck_posting_lists other,
                                                                  ck_gram_prefixes prefixes, ck_bound bound, uint32_t item,
                                                                  uint32_t *stamps, uint32_t stamp, uint32_t *found) {
  return candidates(first, other, prefixes, bound, item, stamps, stamp, found);
}
#endif

size_t ck_posting_lists_candidates(ck_posting_lists first, ck_posting_lists other, ck_gram_prefixes prefixes, ck_bound bound,
                                   uint32_t item, uint32_t *stamps, uint32_t stamp, uint32_t *found) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return candidates_popcnt(first, other, prefixes, bound, item, stamps, stamp, found);
#endif
  return candidates(first, other, prefixes, bound, item, stamps, stamp, found);
}
