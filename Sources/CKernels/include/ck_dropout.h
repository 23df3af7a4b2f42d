// Dropout whose pattern is a function of a key, so that it can be had again.
#pragma once
#include "ck_context.h"

/// y (count) = addend + x / (1 - share) where an element is kept, and addend where it is dropped, which happens with
/// probability `share` (0 up to 1). `addend` is NULL for zero, or y itself. Element i is kept or not by a hash of `key`
/// and i alone, the same on every instruction set and with any number of threads.
void ck_dropout(ck_context *context, size_t count, uint64_t key, float share, const float *x, const float *addend, float *y);
