// The LCS of a batch of queries with one list after another: a lane holds the bits of one query (see lcs.h), and a row is
// two vectors. Included once for each width of a lane.
typedef CK_WORD CK_ROW __attribute__((vector_size(2 * CK_BYTES)));

static size_t CK_BATCH(const ck_batch *batch, const uint32_t *tokens, size_t length, size_t count, uint32_t *positions,
                       void *rows) {
  const CK_ROW *table = batch->table;
  CK_ROW valid = *(const CK_ROW *)batch->valid, least = *(const CK_ROW *)batch->least, sums = *(CK_ROW *)batch->sums;
  CK_ROW *out = rows;
  size_t found = 0;
  // Two lists at a time: each step of one waits for the step before.
  for (size_t i = 0; i < count; i += 2) {
    const uint32_t *one = tokens + i * length, *other = i + 1 < count ? one + length : one;
    CK_ROW v = ~(CK_ROW){}, w = v;
    for (size_t t = 0; t < length; t++) {
      CK_ROW m = table[slot(batch->slots, one[t])], n = table[slot(batch->slots, other[t])];
      v = (v + (v & m)) | (v & ~m);
      w = (w + (w & n)) | (w & ~n);
    }
    v = __builtin_elementwise_popcount(~v & valid);
    w = __builtin_elementwise_popcount(~w & valid);
    sums += v;
    if (__builtin_reduce_or((CK_ROW)(v >= least))) out[found] = v, positions[found++] = (uint32_t)i;
    if (i + 1 == count) break;
    sums += w;
    if (__builtin_reduce_or((CK_ROW)(w >= least))) out[found] = w, positions[found++] = (uint32_t)i + 1;
  }
  *(CK_ROW *)batch->sums = sums;
  return found;
}
#undef CK_WORD
#undef CK_ROW
#undef CK_BATCH
