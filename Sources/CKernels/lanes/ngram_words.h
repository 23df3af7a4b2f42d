// Cuts a text for whatever instruction set this is compiled for: CK_CLASSIFY looks at 64 bytes, CK_HASH hashes words that were
// found, CK_WORDS names the function.

static size_t CK_WORDS(const uint8_t *text, size_t count, uint64_t *words, int *is_wide) {
  waiting runs;
  runs.begun = runs.ended = 0;
  size_t made = 0;
  uint64_t carry = 0, wide = 0;
  for (size_t start = 0; start < count; start += 64) {
    block found = CK_CLASSIFY(text + start);
    if (count - start < 64) {
      uint64_t inside = ((uint64_t)1 << (count - start)) - 1;
      found.members &= inside;
      // What is behind the text does not count; the portable form tells of bytes by their tops, whatever their places.
      if (found.wide) {
        found.wide = 0;
        for (size_t i = start; i < count; i++) found.wide |= text[i] & 0x80;
      }
    }
    wide |= found.wide;
    uint64_t before = found.members << 1 | carry;
    carry = found.members >> 63;
    for (uint64_t begins = found.members & ~before; begins; begins &= begins - 1)
      runs.from[runs.begun++] = (uint32_t)(start + (size_t)__builtin_ctzll(begins));
    for (uint64_t ends = before & ~found.members; ends; ends &= ends - 1)
      runs.to[runs.ended++] = (uint32_t)(start + (size_t)__builtin_ctzll(ends));
    if (runs.ended >= BATCH) {
      CK_HASH(text, &runs, BATCH, words + made);
      made += BATCH;
      runs.begun -= BATCH;
      runs.ended -= BATCH;
      memcpy(runs.from, runs.from + BATCH, runs.begun * sizeof *runs.from);
      memcpy(runs.to, runs.to + BATCH, runs.ended * sizeof *runs.to);
    }
  }
  // A word up to the last of 64 bytes has no byte behind it that ended it.
  if (runs.begun > runs.ended) runs.to[runs.ended++] = (uint32_t)count;
  CK_HASH(text, &runs, runs.ended, words + made);
  *is_wide = wide != 0;
  return made + runs.ended;
}
