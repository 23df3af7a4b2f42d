// What the files on n-grams share.
#pragma once
#include "CKernels.h"
#include <string.h>

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): one to one.
static inline uint64_t ck_mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}
