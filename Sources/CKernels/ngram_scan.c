// Signatures against one, streamed: for grams so frequent that postings would be longer than the list of all items.
#include "ngrams.h"

#define CK_SCAN scan_portable
#include "lanes/ngram_signatures.h"
#undef CK_SCAN

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,popcnt"))), apply_to = function)
#define CK_SCAN scan_avx2
#include "lanes/ngram_signatures.h"
#undef CK_SCAN
#pragma clang attribute pop

#include <immintrin.h>
__attribute__((target("avx512f,avx512vpopcntdq"))) static size_t scan_avx512(const uint64_t *blocks, size_t count,
                                                                             const uint64_t *signature, uint64_t limit,
                                                                             uint32_t *found) {
  __m512i word0 = _mm512_set1_epi64((long long)signature[0]), word1 = _mm512_set1_epi64((long long)signature[1]);
  __m512i word2 = _mm512_set1_epi64((long long)signature[2]), word3 = _mm512_set1_epi64((long long)signature[3]);
  __m512i most = _mm512_set1_epi64((long long)limit);
  size_t kept = 0;
  for (size_t first = 0; first < count; first += 8) {
    const uint64_t *block = blocks + first * 4;
    __m512i sum = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(block), word0));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(block + 8), word1)));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(block + 16), word2)));
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(block + 24), word3)));
    unsigned near = _mm512_cmple_epu64_mask(sum, most);
    if (count - first < 8) near &= (1u << (count - first)) - 1;
    for (; near; near &= near - 1) found[kept++] = (uint32_t)(first + (size_t)__builtin_ctz(near));
  }
  return kept;
}
#endif

int ck_signature_scan_has(enum ck_isa isa) {
#if defined(__x86_64__)
  if (isa == CK_AVX2) return __builtin_cpu_supports("avx2") != 0;
  if (isa == CK_AVX512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq");
#endif
  return isa == CK_BEST || isa == CK_PORTABLE;
}

size_t ck_signature_scan(enum ck_isa isa, const uint64_t *blocks, size_t count, const uint64_t *signature, uint64_t limit,
                         uint32_t *found) {
#if defined(__x86_64__)
  if ((isa == CK_BEST || isa == CK_AVX512) && ck_signature_scan_has(CK_AVX512))
    return scan_avx512(blocks, count, signature, limit, found);
  if ((isa == CK_BEST || isa == CK_AVX2) && ck_signature_scan_has(CK_AVX2))
    return scan_avx2(blocks, count, signature, limit, found);
#endif
  return scan_portable(blocks, count, signature, limit, found);
}
