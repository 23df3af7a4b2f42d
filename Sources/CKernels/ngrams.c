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

/// The top 48 bits of a sum, never 0.
static inline uint64_t gram_of(uint64_t sum) {
  uint64_t gram = sum >> 16;
  return gram + (gram == 0);
}

static uint64_t sum_of(const uint64_t *words, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum = sum * BASE + words[i];
  return sum;
}

/// Grams of up to 3 words, as `short_grams`.
static inline __attribute__((always_inline)) void short_word_grams(const uint64_t *words, size_t count, size_t n,
                                                                   uint64_t *grams) {
  if (n == 1) {
    for (size_t i = 0; i < count; i++) grams[i] = gram_of(words[i]);
  } else if (n == 2) {
    for (size_t i = 0; i < count; i++) grams[i] = gram_of(words[i] * BASE + words[i + 1]);
  } else {
    for (size_t i = 0; i < count; i++) grams[i] = gram_of((words[i] * BASE + words[i + 1]) * BASE + words[i + 2]);
  }
}

static void word_grams_portable(const uint64_t *words, size_t count, size_t n, uint64_t *grams) {
  short_word_grams(words, count, n, grams);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512dq,avx512vl"))) static void word_grams_avx512(const uint64_t *words, size_t count, size_t n,
                                                                                   uint64_t *grams) {
  short_word_grams(words, count, n, grams);
}
#endif

size_t ck_word_grams(const uint64_t *words, size_t count, size_t n, uint64_t *grams) {
  if (count == 0) return 0;
  if (count < n) {
    // A gram of its own length, which none of n words equals.
    grams[0] = gram_of(ck_mix(sum_of(words, count)) + count);
    return 1;
  }
  size_t made = count - n + 1;
  if (n <= 3) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      word_grams_avx512(words, made, n, grams);
      return made;
    }
#endif
    word_grams_portable(words, made, n, grams);
  } else {
    // Rolling (Karp, Rabin 1987), modulo 2^64.
    uint64_t power = 1, sum = sum_of(words, n);
    for (size_t i = 0; i < n; i++) power *= BASE;
    grams[0] = gram_of(sum);
    for (size_t i = 1; i < made; i++) {
      sum = sum * BASE + words[i + n - 1] - words[i - 1] * power;
      grams[i] = gram_of(sum);
    }
  }
  return made;
}

size_t ck_gram_table_size(size_t count) {
  // Short lists are most: the emptier the table, the fewer guesses of the processor go wrong.
  size_t least = count <= 4096 ? 4 * count : 2 * count, size = 8;
  while (size < least) size *= 2;
  return size;
}
