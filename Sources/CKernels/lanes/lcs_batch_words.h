// The LCS of a batch of long queries: a lane holds 64 bits of a query, and carries go from one word to the next.
CK_INLINE size_t batch_of(size_t words, const ck_batch *batch, const uint32_t *tokens, size_t length, size_t count,
                          uint32_t *positions, void *rows) {
  const row_64 *table = batch->table, *valid = batch->valid;
  row_64 least = *(const row_64 *)batch->least, sums = *(row_64 *)batch->sums;
  row_64 *out = rows, v[CK_STRIP_WORDS];
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    for (size_t w = 0; w < words; w++) v[w] = ~(row_64){};
    for (size_t t = 0; t < length; t++) {
      const row_64 *row = table + slot(batch->slots, tokens[i * length + t]) * words;
      row_64 carry = {};
      for (size_t w = 0; w < words; w++) {
        row_64 taken = v[w] & row[w], sum = v[w] + taken, whole = sum + carry;
        carry = ((row_64)(sum < taken) | (row_64)(whole < carry)) & 1;
        v[w] = whole | (v[w] & ~row[w]);
      }
    }
    row_64 lengths = {};
    for (size_t w = 0; w < words; w++) lengths += __builtin_elementwise_popcount(~v[w] & valid[w]);
    sums += lengths;
    if (__builtin_reduce_or((row_64)(lengths >= least))) out[found] = lengths, positions[found++] = (uint32_t)i;
  }
  *(row_64 *)batch->sums = sums;
  return found;
}

static size_t batch_words(const ck_batch *batch, const uint32_t *tokens, size_t length, size_t count, uint32_t *positions,
                          void *rows) {
  switch (batch->words) { // what is known when this is compiled stays in registers
  case 2: return batch_of(2, batch, tokens, length, count, positions, rows);
  case 3: return batch_of(3, batch, tokens, length, count, positions, rows);
  case 4: return batch_of(4, batch, tokens, length, count, positions, rows);
  default: return batch_of(batch->words, batch, tokens, length, count, positions, rows);
  }
}
