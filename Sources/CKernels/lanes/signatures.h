// Distances of parity signatures, eight lists at a time.
// These are inlined: nothing depends on how a narrower path would pass such vectors.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
typedef uint64_t v8 __attribute__((vector_size(64)));
typedef int64_t v8_signed __attribute__((vector_size(64)));
typedef uint64_t v8_unaligned __attribute__((vector_size(64), aligned(8)));

CK_INLINE v8 distance(const uint64_t *signatures, size_t words, const v8 *query) {
  v8 sum = __builtin_elementwise_popcount(*(const v8_unaligned *)signatures ^ query[0]);
  for (size_t w = 1; w < words; w++)
    sum += __builtin_elementwise_popcount(*(const v8_unaligned *)(signatures + w * CK_SIGNATURE_LANES) ^ query[w]);
  return sum;
}

// Bit i is set when lane i is at most `limit`. Both are far below 2^63.
CK_INLINE unsigned at_most(v8 distance, v8 limit) {
#if defined(CK_AVX512_MASKS)
  return _mm512_cmple_epu64_mask((__m512i)distance, (__m512i)limit);
#elif defined(CK_AVX2_MASKS)
  v8_signed far = (v8_signed)distance > (v8_signed)limit;
  __m256d low = (__m256d)__builtin_shufflevector(far, far, 0, 1, 2, 3);
  __m256d high = (__m256d)__builtin_shufflevector(far, far, 4, 5, 6, 7);
  return ~((unsigned)_mm256_movemask_pd(low) | (unsigned)_mm256_movemask_pd(high) << 4) & 0xff;
#else
  unsigned mask = 0;
  for (int i = 0; i < CK_SIGNATURE_LANES; i++) mask |= (unsigned)(distance[i] <= limit[i]) << i;
  return mask;
#endif
}

CK_INLINE v8 nearer(v8 one, v8 other) { return (v8)__builtin_elementwise_min((v8_signed)one, (v8_signed)other); }

CK_INLINE size_t report(unsigned mask, size_t first, uint32_t *positions, size_t found) {
  for (; mask; mask &= mask - 1) positions[found++] = (uint32_t)(first + (size_t)__builtin_ctz(mask));
  return found;
}

CK_INLINE size_t scan_words(const uint64_t *signatures, size_t vectors, size_t words, const uint64_t *wanted, uint64_t most,
                            uint32_t *positions) {
  v8 query[CK_WIDEST], limit = most - (v8){};
  for (size_t w = 0; w < words; w++) query[w] = wanted[w] - (v8){};
  size_t found = 0, step = words * CK_SIGNATURE_LANES, v = 0;
  // Nearly all are far: four vectors share the test.
  for (; v + 4 <= vectors; v += 4, signatures += 4 * step) {
    v8 a = distance(signatures, words, query), b = distance(signatures + step, words, query);
    v8 c = distance(signatures + 2 * step, words, query), d = distance(signatures + 3 * step, words, query);
    if (__builtin_expect(!at_most(nearer(nearer(a, b), nearer(c, d)), limit), 1)) continue;
    found = report(at_most(a, limit) | at_most(b, limit) << 8 | at_most(c, limit) << 16 | at_most(d, limit) << 24,
                   v * CK_SIGNATURE_LANES, positions, found);
  }
  for (; v < vectors; v++, signatures += step)
    found = report(at_most(distance(signatures, words, query), limit), v * CK_SIGNATURE_LANES, positions, found);
  return found;
}

static size_t scan(const uint64_t *signatures, size_t vectors, size_t words, const uint64_t *query, uint64_t limit,
                   uint32_t *positions) {
  switch (words) {
  case 1: return scan_words(signatures, vectors, 1, query, limit, positions);
  case 2: return scan_words(signatures, vectors, 2, query, limit, positions);
  case 4: return scan_words(signatures, vectors, 4, query, limit, positions);
  default: return scan_words(signatures, vectors, words, query, limit, positions);
  }
}

CK_INLINE size_t near_words(const uint64_t *query, const uint64_t *checks, size_t words, uint64_t limit, uint32_t *positions,
                            size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const uint64_t *check = checks + positions[i] * words;
    uint64_t distance = 0;
    for (size_t w = 0; w < words; w++) distance += (uint64_t)__builtin_popcountll(query[w] ^ check[w]);
    positions[kept] = positions[i]; // without a branch, so that the next one's memory is asked for early
    kept += distance <= limit;
  }
  return kept;
}

static size_t near(const uint64_t *query, const uint64_t *checks, size_t words, uint64_t limit, uint32_t *positions, size_t count) {
  return words == 4 ? near_words(query, checks, 4, limit, positions, count) : near_words(query, checks, words, limit, positions, count);
}
#pragma clang diagnostic pop
