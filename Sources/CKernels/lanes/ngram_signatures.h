// The scan over signatures in the lanes of whatever instruction set this is compiled for; CK_SCAN names the function.

static size_t CK_SCAN(const uint64_t *blocks, size_t count, const uint64_t *signature, uint64_t limit, uint32_t *found) {
  size_t kept = 0;
  for (size_t first = 0; first < count; first += 8) {
    const uint64_t *block = blocks + first * 4;
    uint64_t bits[8];
    for (int i = 0; i < 8; i++) {
      uint64_t sum = 0;
      for (int word = 0; word < 4; word++) sum += (uint64_t)__builtin_popcountll(block[word * 8 + i] ^ signature[word]);
      bits[i] = sum;
    }
    unsigned near = 0;
    for (int i = 0; i < 8; i++) near |= (unsigned)(bits[i] <= limit) << i;
    if (count - first < 8) near &= (1u << (count - first)) - 1;
    for (; near; near &= near - 1) found[kept++] = (uint32_t)(first + (size_t)__builtin_ctz(near));
  }
  return kept;
}
