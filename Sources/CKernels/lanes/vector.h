// Vectors of CK_LANES floats in the compiler's own vector types, which lower to whatever the path's target has.
#define CK_NR (CK_NV * CK_LANES)
#define CK_INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(CK_LANES * 4)));
typedef float vf_unaligned __attribute__((vector_size(CK_LANES * 4), aligned(4)));
typedef int32_t vi __attribute__((vector_size(CK_LANES * 4)));

CK_INLINE vf splat(float value) { return value - (vf){}; }
/// The word at `p` in every lane, whatever it holds: no arithmetic touches it.
CK_INLINE vf splat_word(const float *p) {
  int32_t word;
  memcpy(&word, p, sizeof word);
  return (vf)(word - (vi){});
}
CK_INLINE vf load(const float *p) { return *(const vf_unaligned *)p; }
CK_INLINE void store(float *p, vf v) { *(vf_unaligned *)p = v; }

// The last, partial vector of a row: lanes past `count` read as `rest` and are not written.
CK_INLINE vf load_part(const float *p, size_t count, float rest) {
  if (count >= CK_LANES) return load(p);
  vf v = splat(rest);
  memcpy(&v, p, count * sizeof(float));
  return v;
}
CK_INLINE void store_part(float *p, vf v, size_t count) {
  if (count >= CK_LANES) return store(p, v);
  memcpy(p, &v, count * sizeof(float));
}

// Halves are added until one lane is left.
CK_INLINE float sum_lanes(vf v) {
#if CK_LANES == 16
  v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
#if CK_LANES >= 8
  v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 4, 5, 6, 7
#if CK_LANES == 16
    , 4, 5, 6, 7, 4, 5, 6, 7
#endif
  );
#endif
  float low = v[0] + v[2], high = v[1] + v[3];
  return low + high;
}
CK_INLINE float max_lanes(vf v) {
  float lane[CK_LANES];
  memcpy(lane, &v, sizeof lane);
  for (int i = 1; i < CK_LANES; i++) lane[0] = lane[i] > lane[0] ? lane[i] : lane[0];
  return lane[0];
}

// e^x to about 1e-7 relative: x = n ln 2 + r, a degree-5 polynomial in r (coefficients from Cephes expf), and n added to
// the exponent's bits. Adding 1.5 * 2^23 rounds to the integer n and leaves it in the low bits.
CK_INLINE vf exp_lanes(vf x) {
  x = __builtin_elementwise_min(__builtin_elementwise_max(x, splat(-87.3f)), splat(88.0f));
  vf shifted = x * 1.44269504088896341f + 12582912.0f;
  vf n = shifted - 12582912.0f;
  vf r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vf p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  vf y = p * (r * r) + (r + 1.0f);
  return (vf)((vi)y + ((vi)shifted << 23));
}
