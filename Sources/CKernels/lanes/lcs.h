// The LCS of two lists by bits: bit i of V is 0 when the LCS of the first i + 1 tokens of the query is longer than that of
// the first i. Crochemore, Iliopoulos, Pinzon and Reid, "A fast and practical bit-vector algorithm for the longest common
// subsequence problem" (2001): V' = (V + (V & M)) | (V & ~M).
typedef uint32_t block __attribute__((vector_size(CK_BYTES)));
typedef uint32_t block_unaligned __attribute__((vector_size(CK_BYTES), aligned(4)));
enum { BLOCK = CK_BYTES / 4 };

CK_INLINE int differ(const uint32_t *one, const uint32_t *other) {
  return __builtin_reduce_or((block)(*(const block_unaligned *)one ^ *(const block_unaligned *)other)) != 0;
}

static size_t same(const uint32_t *one, const uint32_t *other, size_t count) {
  size_t i = 0;
  while (i + BLOCK <= count && !differ(one + i, other + i)) i += BLOCK;
  while (i < count && one[i] == other[i]) i++;
  return i;
}

static size_t same_end(const uint32_t *one, const uint32_t *other, size_t count) {
  size_t i = 0;
  while (i + BLOCK <= count && !differ(one - i - BLOCK, other - i - BLOCK)) i += BLOCK;
  while (i < count && one[-1 - (ptrdiff_t)i] == other[-1 - (ptrdiff_t)i]) i++;
  return i;
}

CK_INLINE size_t slot(ck_slots slots, uint32_t token) { return slots.slots[token < slots.limit ? token : slots.limit]; }

CK_INLINE size_t lcs_words(size_t words, const uint64_t *masks, size_t stride, uint64_t lowest, uint64_t highest, ck_slots slots,
                           const uint32_t *tokens, size_t count) {
  uint64_t v[CK_STRIP_WORDS];
  for (size_t w = 0; w < words; w++) v[w] = ~(uint64_t)0;
  for (size_t t = 0; t < count; t++) {
    const uint64_t *row = masks + slot(slots, tokens[t]) * stride;
    unsigned long long carry = 0;
    for (size_t w = 0; w < words; w++) {
      uint64_t mask = row[w];
      if (w == 0) mask &= lowest;
      if (w == words - 1) mask &= highest;
      uint64_t sum = __builtin_addcll(v[w], v[w] & mask, carry, &carry);
      v[w] = sum | (v[w] & ~mask);
    }
  }
  size_t zeros = 0; // bits of no mask stay 1
  for (size_t w = 0; w < words; w++) zeros += (size_t)__builtin_popcountll(~v[w]);
  return zeros;
}

static size_t lcs(const uint64_t *masks, size_t stride, size_t low, size_t high, ck_slots slots, const uint32_t *tokens,
                  size_t count) {
  if (low >= high || count == 0) return 0;
  size_t first = low / 64, words = (high - 1) / 64 - first + 1;
  uint64_t lowest = ~(uint64_t)0 << low % 64, highest = ~(uint64_t)0 >> (63 - (high - 1) % 64);
  masks += first;
  switch (words) {
  case 1: return lcs_words(1, masks, stride, lowest, highest, slots, tokens, count);
  case 2: return lcs_words(2, masks, stride, lowest, highest, slots, tokens, count);
  case 3: return lcs_words(3, masks, stride, lowest, highest, slots, tokens, count);
  case 4: return lcs_words(4, masks, stride, lowest, highest, slots, tokens, count);
  default: return lcs_words(words, masks, stride, lowest, highest, slots, tokens, count);
  }
}

static size_t lcs_strip(const uint64_t *masks, size_t words, ck_slots slots, const uint32_t *tokens, size_t count,
                        uint8_t *carries) {
  uint64_t v[CK_STRIP_WORDS];
  for (size_t w = 0; w < words; w++) v[w] = ~(uint64_t)0;
  for (size_t t = 0; t < count; t++) {
    const uint64_t *row = masks + slot(slots, tokens[t]) * words;
    unsigned long long carry = carries[t];
    for (size_t w = 0; w < words; w++) {
      uint64_t sum = __builtin_addcll(v[w], v[w] & row[w], carry, &carry);
      v[w] = sum | (v[w] & ~row[w]);
    }
    carries[t] = (uint8_t)carry;
  }
  size_t zeros = 0;
  for (size_t w = 0; w < words; w++) zeros += (size_t)__builtin_popcountll(~v[w]);
  return zeros;
}
