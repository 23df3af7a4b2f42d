// From a text to hashes of its words: runs of ASCII letters and digits in lower case, cut 64 bytes at a time.
#include "ngrams.h"

// Odd numbers without structure.
static const uint64_t FIRST = 0x9E3779B97F4A7C15u, SECOND = 0xC2B2AE3D27D4EB4Fu, THIRD = 0xD6E8FEB86659FD93u;
static const uint64_t LOWERING = 0x2020202020202020u;

/// Eight bytes each, the first lowest, zeros past the end. One to one for words of up to eight.
static inline uint64_t hash_of(uint64_t low, uint64_t high) {
  uint64_t second = high * SECOND;
  uint64_t sum = low * FIRST ^ (second << 32 | second >> 32);
  sum = (sum ^ sum >> 32) * THIRD;
  return sum ^ sum >> 29;
}

static inline uint64_t load(const uint8_t *bytes, size_t count) {
  uint64_t word = 0;
  memcpy(&word, bytes, count < 8 ? count : 8);
  return word;
}

/// A word of more than 16 bytes, with bits that are set in each: hashed in pieces of 16, each with what comes before.
static uint64_t long_hash(const uint8_t *bytes, size_t count, uint64_t lowering) {
  uint64_t hash = count;
  for (size_t place = 0; place < count; place += 16) {
    size_t rest = count - place;
    uint64_t low = load(bytes + place, rest), high = rest > 8 ? load(bytes + place + 8, rest - 8) : 0;
    if (rest < 8) lowering &= ((uint64_t)1 << 8 * rest) - 1;
    low |= lowering;
    if (rest > 8) high |= rest < 16 ? lowering & (((uint64_t)1 << 8 * (rest - 8)) - 1) : lowering;
    hash = hash_of(low ^ ck_mix(hash), high);
  }
  return hash;
}

uint64_t ck_word_hash(const uint8_t *bytes, size_t count) {
  if (count > 16) return long_hash(bytes, count, 0);
  return hash_of(load(bytes, count), count > 8 ? load(bytes + 8, count - 8) : 0);
}

/// Words waiting to be hashed: where they begin and end.
enum { BATCH = 64, ROOM = BATCH + 40 };

typedef struct {
  uint32_t from[ROOM], to[ROOM];
  size_t begun, ended;
} waiting;

static inline __attribute__((always_inline)) uint64_t run_hash(const uint8_t *text, uint32_t from, uint32_t to) {
  size_t count = to - from;
  if (__builtin_expect(count > 16, 0)) return long_hash(text + from, count, LOWERING);
  uint64_t low, high;
  memcpy(&low, text + from, 8);
  memcpy(&high, text + from + 8, 8);
  uint64_t all = ~(uint64_t)0;
  low = count < 8 ? (low | LOWERING) & ~(all << 8 * count) : low | LOWERING;
  high = count <= 8 ? 0 : count < 16 ? (high | LOWERING) & ~(all << 8 * (count - 8)) : high | LOWERING;
  return hash_of(low, high);
}

static inline __attribute__((always_inline)) void hash_each(const uint8_t *text, const waiting *runs, size_t count,
                                                            uint64_t *words) {
  for (size_t i = 0; i < count; i++) words[i] = run_hash(text, runs->from[i], runs->to[i]);
}

/// Which of 64 bytes are letters or digits, and whether any is above 0x7F.
typedef struct { uint64_t members, wide; } block;

#define CK_WORDS words_portable
#define CK_HASH hash_each
static inline block classify(const uint8_t *bytes) {
  const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  block found = {0, 0};
  for (int i = 0; i < 8; i++) {
    uint64_t word = load(bytes + 8 * i, 8), low = word & ~tops, folded = low | LOWERING;
    // Adding brings the top bit up from a byte's value on; no sum leaves its byte.
    uint64_t letter = (folded + ones * (0x80 - 0x61)) & ~(folded + ones * (0x7F - 0x7A));
    uint64_t digit = (low + ones * (0x80 - 0x30)) & ~(low + ones * (0x7F - 0x39));
    uint64_t member = (letter | digit) & ~word & tops;
    // Brings the eight top bits together.
    found.members |= ((member >> 7) * 0x0102040810204080u >> 56) << 8 * i;
    found.wide |= word & tops;
  }
  return found;
}
#define CK_CLASSIFY classify
#include "lanes/ngram_words.h"
#undef CK_WORDS
#undef CK_CLASSIFY

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline block classify_avx2(const uint8_t *bytes) {
  block found = {0, 0};
  for (int i = 0; i < 2; i++) {
    __m256i text = _mm256_loadu_si256((const __m256i *)(bytes + 32 * i));
    // Bytes are compared with signs: 128 below the letter, the lowest of all.
    __m256i letter = _mm256_add_epi8(_mm256_or_si256(text, _mm256_set1_epi8(0x20)), _mm256_set1_epi8((char)(0x80 - 'a')));
    __m256i digit = _mm256_add_epi8(text, _mm256_set1_epi8((char)(0x80 - '0')));
    __m256i member = _mm256_or_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + 26), letter),
                                     _mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + 10), digit));
    found.members |= (uint64_t)(uint32_t)_mm256_movemask_epi8(member) << 32 * i;
    found.wide |= (uint64_t)(uint32_t)_mm256_movemask_epi8(text) << 32 * i;
  }
  return found;
}
#define CK_CLASSIFY classify_avx2
#define CK_WORDS words_avx2
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#include "lanes/ngram_words.h"
#pragma clang attribute pop
#undef CK_WORDS
#undef CK_CLASSIFY
#undef CK_HASH

#define AVX512 "avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2"
__attribute__((target(AVX512))) static inline block classify_avx512(const uint8_t *bytes) {
  __m512i text = _mm512_loadu_si512(bytes);
  __m512i letter = _mm512_sub_epi8(_mm512_or_si512(text, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
  __m512i digit = _mm512_sub_epi8(text, _mm512_set1_epi8('0'));
  return (block){_mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26)) | _mm512_cmplt_epu8_mask(digit, _mm512_set1_epi8(10)),
                 _mm512_movepi8_mask(text)};
}

/// Eight words at once.
__attribute__((target(AVX512))) static inline void hash_avx512(const uint8_t *text, const waiting *runs, size_t count,
                                                               uint64_t *words) {
  __m512i all = _mm512_set1_epi64(-1), lowering = _mm512_set1_epi64((long long)LOWERING);
  __m512i first = _mm512_set1_epi64((long long)FIRST), second = _mm512_set1_epi64((long long)SECOND);
  __m512i third = _mm512_set1_epi64((long long)THIRD), zero = _mm512_setzero_si512();
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    __m256i from = _mm256_loadu_si256((const __m256i *)(runs->from + i));
    __m256i size = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(runs->to + i)), from);
    __m512i bits = _mm512_slli_epi64(_mm512_cvtepu32_epi64(size), 3);
    __mmask8 beyond = _mm512_cmpgt_epu64_mask(bits, _mm512_set1_epi64(64));
    __m512i low = _mm512_i32gather_epi64(from, text, 1);
    __m512i high = _mm512_mask_i32gather_epi64(zero, beyond, from, text + 8, 1);
    // Shifted by 64 and more nothing is left.
    low = _mm512_andnot_si512(_mm512_sllv_epi64(all, bits), _mm512_or_si512(low, lowering));
    __m512i rest = _mm512_sub_epi64(bits, _mm512_set1_epi64(64));
    high = _mm512_maskz_andnot_epi64(beyond, _mm512_sllv_epi64(all, rest), _mm512_or_si512(high, lowering));
    __m512i sum = _mm512_xor_si512(_mm512_mullo_epi64(low, first), _mm512_rol_epi64(_mm512_mullo_epi64(high, second), 32));
    sum = _mm512_mullo_epi64(_mm512_xor_si512(sum, _mm512_srli_epi64(sum, 32)), third);
    sum = _mm512_xor_si512(sum, _mm512_srli_epi64(sum, 29));
    _mm512_storeu_si512(words + i, sum);
    unsigned larger = _mm512_cmpgt_epu64_mask(bits, _mm512_set1_epi64(128));
    for (; larger; larger &= larger - 1) {
      size_t place = i + (size_t)__builtin_ctz(larger);
      words[place] = long_hash(text + runs->from[place], runs->to[place] - runs->from[place], LOWERING);
    }
  }
  for (; i < count; i++) words[i] = run_hash(text, runs->from[i], runs->to[i]);
}
#define CK_CLASSIFY classify_avx512
#define CK_HASH hash_avx512
#define CK_WORDS words_avx512
#pragma clang attribute push(__attribute__((target(AVX512))), apply_to = function)
#include "lanes/ngram_words.h"
#pragma clang attribute pop
#endif

int ck_ascii_words_has(enum ck_isa isa) {
#if defined(__x86_64__)
  if (isa == CK_AVX2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  if (isa == CK_AVX512)
    return ck_ascii_words_has(CK_AVX2) && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return isa == CK_BEST || isa == CK_PORTABLE;
}

size_t ck_ascii_words(enum ck_isa isa, const uint8_t *text, size_t count, uint64_t *words, int *is_wide) {
#if defined(__x86_64__)
  if ((isa == CK_BEST || isa == CK_AVX512) && ck_ascii_words_has(CK_AVX512))
    return words_avx512(text, count, words, is_wide);
  if ((isa == CK_BEST || isa == CK_AVX2) && ck_ascii_words_has(CK_AVX2)) return words_avx2(text, count, words, is_wide);
#endif
  return words_portable(text, count, words, is_wide);
}
