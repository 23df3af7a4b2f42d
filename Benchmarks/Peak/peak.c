#include "peak.h"
#include <stdint.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// 16 chains hide the latency of a multiply-add of 4 cycles at two a cycle.
enum { CHAINS = 16, ROUNDS = 1 << 16 };
static volatile float sink;

#define CHAIN_LOOP(TYPE, MULTIPLY, LANES)                            \
  double done = 0, began = now();                                    \
  TYPE sum[CHAINS];                                                  \
  for (int i = 0; i < CHAINS; i++) sum[i] = (TYPE){0};               \
  do {                                                               \
    for (int r = 0; r < ROUNDS; r++)                                 \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) sum[i] = MULTIPLY; \
    done += 2.0 * (LANES) * CHAINS * ROUNDS;                         \
  } while (now() - began < seconds);                                 \
  double rate = done / (now() - began);                              \
  for (int i = 0; i < CHAINS; i++) sink = ((float *)&sum[i])[0];     \
  return rate;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static double flops_512(double seconds) {
  __m512 x = _mm512_set1_ps(0.5f), y = _mm512_set1_ps(0.25f);
  __asm__("" : "+v"(x), "+v"(y));
  CHAIN_LOOP(__m512, _mm512_fmadd_ps(x, y, sum[i]), 16)
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))) static double flops_bf16(double seconds) {
  __m512bh x = (__m512bh)_mm512_set1_epi32(0x3e803e80), y = x;
  __asm__("" : "+v"(x), "+v"(y));
  CHAIN_LOOP(__m512, _mm512_dpbf16_ps(sum[i], x, y), 32)
}

__attribute__((target("avx2,fma"))) static double flops_256(double seconds) {
  __m256 x = _mm256_set1_ps(0.5f), y = _mm256_set1_ps(0.25f);
  __asm__("" : "+x"(x), "+x"(y));
  CHAIN_LOOP(__m256, _mm256_fmadd_ps(x, y, sum[i]), 8)
}
#endif

typedef float four __attribute__((vector_size(16)));
static double flops_128(double seconds) {
  four x = {0.5f, 0.5f, 0.5f, 0.5f}, y = {0.25f, 0.25f, 0.25f, 0.25f};
  CHAIN_LOOP(four, x * y + sum[i], 4)
}

double peak_flops(int pairs, double seconds) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (pairs) return __builtin_cpu_supports("avx512bf16") ? flops_bf16(seconds) : 0;
  if (__builtin_cpu_supports("avx512f")) return flops_512(seconds);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return flops_256(seconds);
#endif
  return pairs ? 0 : flops_128(seconds);
}

void peak_triad(size_t count, float s, const float *a, const float *b, float *x) {
  for (size_t i = 0; i < count; i++) x[i] = a[i] + s * b[i];
}
