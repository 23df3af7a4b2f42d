// Which grams are looked at first: the rare ones, as a sample has them.
#include "ngrams.h"

void ck_gram_order_count(const ck_gram_set *const *sets, size_t count, size_t step, uint8_t *counts, int bits) {
  for (size_t item = 0; item < count; item += step) {
    for (uint32_t i = 0; i < sets[item]->size; i++) {
      uint8_t *cell = &counts[ck_gram_at(sets[item], i) >> (CK_GRAM_BITS - bits)];
      *cell += *cell < 255;
    }
  }
}

void ck_gram_order_fill(const ck_gram_set *const *sets, size_t count, size_t step, const uint8_t *counts, int bits,
                        ck_gram_order order) {
  for (size_t item = 0; item < count; item += step) {
    for (uint32_t i = 0; i < sets[item]->size; i++) {
      uint64_t gram = ck_gram_at(sets[item], i);
      unsigned found = counts[gram >> (CK_GRAM_BITS - bits)];
      uint8_t bin = (uint8_t)(found < 2 ? 0 : found < 129 ? 126 + found : 255);
      uint8_t *cell = &order.bins[gram >> (CK_GRAM_BITS - order.bits)];
      *cell = *cell < bin ? bin : *cell;
    }
  }
}
