// From words to the set of their grams, and what two sets have in common.
#include "ngrams.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef void (*parity_of)(const uint64_t *grams, size_t count, uint64_t *signature);

static void parity_portable(const uint64_t *grams, size_t count, uint64_t *signature) {
  uint64_t words[4] = {0};
  for (size_t i = 0; i < count; i++) words[grams[i] >> 6 & 3] ^= (uint64_t)1 << (grams[i] & 63);
  memcpy(signature, words, sizeof words);
}

#if defined(__x86_64__)
/// A shift by 64 and more, or by less than none, leaves nothing: the bit falls into one of the four words.
__attribute__((target("avx2"))) static void parity_avx2(const uint64_t *grams, size_t count, uint64_t *signature) {
  __m256i words = _mm256_setzero_si256(), one = _mm256_set1_epi64x(1), firsts = _mm256_set_epi64x(192, 128, 64, 0);
  for (size_t i = 0; i < count; i++) {
    __m256i shift = _mm256_sub_epi64(_mm256_set1_epi64x((long long)(grams[i] & 255)), firsts);
    words = _mm256_xor_si256(words, _mm256_sllv_epi64(one, shift));
  }
  _mm256_storeu_si256((__m256i *)signature, words);
}
#endif

static parity_of choose_parity(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return parity_avx2;
#endif
  return parity_portable;
}

size_t ck_gram_set_bytes(size_t grams) {
  // Eight bytes are read and written at the last gram, too.
  return (sizeof(ck_gram_set) + CK_GRAM_BYTES * grams + 2 + 7) / 8 * 8;
}

size_t ck_gram_set_make(const uint64_t *words, size_t count, size_t n, ck_gram_scratch scratch, ck_gram_set *set) {
  uint64_t *grams = scratch.grams, *table = scratch.table, digest = 0;
  size_t made = ck_word_grams(words, count, n, grams), size = ck_gram_table_size(made), mask = size - 1, kept = 0;
  uint8_t *packed = (uint8_t *)(set + 1);
  memset(table, 0, size * sizeof *table);
  for (size_t i = 0; i < made; i++) {
    uint64_t gram = grams[i];
    size_t slot = gram & mask;
    while (table[slot] != 0 && table[slot] != gram) slot = (slot + 1) & mask;
    // In place: what is written lies before what is read.
    grams[kept] = gram;
    memcpy(packed + CK_GRAM_BYTES * kept, &gram, sizeof gram);
    kept += table[slot] == 0;
    table[slot] = gram;
  }
  for (size_t i = 0; i < kept; i++) digest += grams[i];
  choose_parity()(grams, kept, set->signature);
  set->digest = digest;
  set->size = (uint32_t)kept;
  set->reserved = 0;
  // What a gram that was there already left behind the last one.
  memset(packed + CK_GRAM_BYTES * kept, 0, ck_gram_set_bytes(kept) - sizeof *set - CK_GRAM_BYTES * kept);
  return ck_gram_set_bytes(kept);
}

int ck_gram_set_is_whole(const ck_gram_set *set, ck_gram_scratch scratch) {
  for (uint32_t i = 0; i < set->size; i++) {
    scratch.grams[i] = ck_gram_at(set, i);
    if (scratch.grams[i] == 0) return 0;
  }
  uint64_t signature[4], digest = 0;
  choose_parity()(scratch.grams, set->size, signature);
  for (uint32_t i = 0; i < set->size; i++) digest += scratch.grams[i];
  return digest == set->digest && memcmp(signature, set->signature, sizeof signature) == 0;
}

void ck_gram_table_fill(ck_gram_table *table, const ck_gram_set *set) {
  size_t size = ck_gram_table_size(set->size);
  table->mask = size - 1;
  memset(table->slots, 0, size * sizeof *table->slots);
  for (uint32_t i = 0; i < set->size; i++) {
    uint64_t gram = ck_gram_at(set, i);
    size_t slot = gram & table->mask;
    while (table->slots[slot] != 0) slot = (slot + 1) & table->mask;
    table->slots[slot] = gram;
  }
}

size_t ck_gram_table_common(const ck_gram_table *table, const ck_gram_set *set) {
  size_t common = 0;
  for (uint32_t i = 0; i < set->size; i++) {
    uint64_t gram = ck_gram_at(set, i);
    size_t slot = gram & table->mask;
    while (table->slots[slot] != 0 && table->slots[slot] != gram) slot = (slot + 1) & table->mask;
    common += table->slots[slot] == gram;
  }
  return common;
}
