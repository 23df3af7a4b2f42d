// What the processor can do at most: the floor that kernels are held against.
#pragma once
#include <stddef.h>

/// Floating point operations a second of one thread that multiplies and adds in registers and touches no memory, for about
/// `seconds`: single precision, or with `pairs` bfloat16 where the processor multiplies it. 0 where it does not.
double peak_flops(int pairs, double seconds);

/// x[i] = a[i] + s * b[i] over `count` floats: 12 bytes moved an element.
void peak_triad(size_t count, float s, const float *a, const float *b, float *x);
