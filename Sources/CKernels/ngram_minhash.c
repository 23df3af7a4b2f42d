// Signatures of sets whose equal places estimate the sets' Jaccard similarity.
#include "ngrams.h"

void ck_minhash(const uint64_t *hashes, size_t count, size_t permutations, uint64_t *values) {
  // UINT64_MAX marks an empty bin, so no hash is that large.
  for (size_t bin = 0; bin < permutations; bin++) values[bin] = UINT64_MAX;
  if (count == 0) return;
  for (size_t i = 0; i < count; i++) {
    // Mixed again: what was chosen by the hash itself, as the order of a list, must not tell of its bin.
    uint64_t hash = ck_mix(hashes[i] ^ 0xD6E8FEB86659FD93u);
    hash -= hash == UINT64_MAX;
    size_t bin = (size_t)(((unsigned __int128)hash * permutations) >> 64);
    if (hash < values[bin]) values[bin] = hash;
  }
  // A borrowed value keeps its own bits, which no full bin of this number has: who borrows from the same bin agrees.
  for (size_t bin = 0; bin < permutations; bin++) {
    size_t own = (size_t)(((unsigned __int128)values[bin] * permutations) >> 64);
    if (values[bin] != UINT64_MAX && own == bin) continue;
    for (uint64_t attempt = 1;; attempt++) {
      uint64_t chosen = ck_mix((uint64_t)bin << 32 ^ attempt * 0x9E3779B97F4A7C15u);
      size_t other = (size_t)(((unsigned __int128)chosen * permutations) >> 64);
      // Only from a bin that holds a value of its own, and not one that was lent.
      if (values[other] == UINT64_MAX) continue;
      if ((size_t)(((unsigned __int128)values[other] * permutations) >> 64) != other) continue;
      values[bin] = values[other];
      break;
    }
  }
}
