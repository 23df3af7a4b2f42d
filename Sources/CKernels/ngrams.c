// Hashes of n-grams, and which of a list's are different.
#include "ngrams.h"

// An odd number without structure: the base of the polynomial whose coefficients are the tokens.
static const uint64_t BASE = 0x9FB21C651E98DF25u;

static inline uint64_t never_zero(uint64_t hash) { return hash + (hash == 0); }

static uint64_t polynomial(const uint32_t *tokens, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum = sum * BASE + tokens[i] + 1;
  return sum;
}

/// Grams of up to 3 tokens, each by itself, so that the compiler takes several at once.
static inline __attribute__((always_inline)) void short_grams(const uint32_t *tokens, size_t grams, size_t n,
                                                              uint64_t *hashes) {
  if (n == 1) {
    for (size_t i = 0; i < grams; i++) hashes[i] = never_zero(ck_mix(tokens[i] + (uint64_t)1));
  } else if (n == 2) {
    for (size_t i = 0; i < grams; i++) hashes[i] = never_zero(ck_mix((uint64_t)tokens[i] << 32 | tokens[i + 1]));
  } else {
    for (size_t i = 0; i < grams; i++) {
      uint64_t sum = ((uint64_t)tokens[i] + 1) * (BASE * BASE) + ((uint64_t)tokens[i + 1] + 1) * BASE + tokens[i + 2] + 1;
      hashes[i] = never_zero(ck_mix(sum));
    }
  }
}

static void short_portable(const uint32_t *tokens, size_t grams, size_t n, uint64_t *hashes) {
  short_grams(tokens, grams, n, hashes);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512dq,avx512vl,prefer-256-bit"))) static void
short_avx512(const uint32_t *tokens, size_t grams, size_t n, uint64_t *hashes) {
  short_grams(tokens, grams, n, hashes);
}
#endif

size_t ck_gram_hashes(const uint32_t *tokens, size_t count, size_t n, uint64_t *hashes) {
  if (count == 0) return 0;
  if (count < n) {
    // A gram of its own length, which none of n tokens equals.
    hashes[0] = never_zero(ck_mix(ck_mix(polynomial(tokens, count)) + count));
    return 1;
  }
  size_t grams = count - n + 1;
  if (n <= 3) {
#if defined(__x86_64__)
    // Only there is a vector instruction for products of 64 bits.
    if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      short_avx512(tokens, grams, n, hashes);
      return grams;
    }
#endif
    short_portable(tokens, grams, n, hashes);
  } else {
    // Rolling (Karp, Rabin 1987), modulo 2^64.
    uint64_t power = 1, sum = polynomial(tokens, n);
    for (size_t i = 0; i < n; i++) power *= BASE;
    hashes[0] = never_zero(ck_mix(sum));
    for (size_t i = 1; i < grams; i++) {
      sum = sum * BASE + (tokens[i + n - 1] + (uint64_t)1) - (tokens[i - 1] + (uint64_t)1) * power;
      hashes[i] = never_zero(ck_mix(sum));
    }
  }
  return grams;
}

size_t ck_gram_table_size(size_t count) {
  // Short lists are most: the emptier the table, the fewer guesses of the processor go wrong.
  size_t least = count <= 4096 ? 4 * count : 2 * count, size = 8;
  while (size < least) size *= 2;
  return size;
}

size_t ck_distinct(const uint64_t *hashes, size_t count, uint64_t *table, uint64_t *distinct) {
  size_t size = ck_gram_table_size(count), mask = size - 1, kept = 0;
  memset(table, 0, size * sizeof *table);
  for (size_t i = 0; i < count; i++) {
    uint64_t hash = hashes[i];
    size_t slot = hash & mask;
    while (table[slot] != 0 && table[slot] != hash) slot = (slot + 1) & mask;
    distinct[kept] = hash;
    kept += table[slot] == 0;
    table[slot] = hash;
  }
  return kept;
}

void ck_gram_table_fill(ck_gram_table *table, const uint32_t *tokens, size_t count, size_t n) {
  size_t grams = ck_gram_hashes(tokens, count, n, table->hashes), size = ck_gram_table_size(grams);
  ck_distinct(table->hashes, grams, table->table, table->keys);
  table->mask = size - 1;
  memset(table->rounds, 0, size * sizeof *table->rounds);
  table->round = 0;
}

size_t ck_gram_table_common(ck_gram_table *table, const uint32_t *tokens, size_t count, size_t n) {
  size_t grams = ck_gram_hashes(tokens, count, n, table->hashes), common = 0;
  uint32_t round = ++table->round;
  for (size_t i = 0; i < grams; i++) {
    uint64_t hash = table->hashes[i];
    size_t slot = hash & table->mask;
    while (table->table[slot] != 0 && table->table[slot] != hash) slot = (slot + 1) & table->mask;
    int first = table->table[slot] == hash && table->rounds[slot] != round;
    table->rounds[slot] = round;
    common += (size_t)first;
  }
  return common;
}
