// Stored weights without blocks as vectors of floats.
typedef uint16_t words_lanes __attribute__((vector_size(CK_LANES * 2)));
typedef uint32_t vu __attribute__((vector_size(CK_LANES * 4)));
/// Half precision to single by the bits: exponents move by adding 112 to them, which multiplying by 2^112 also does for
/// subnormal numbers; the largest exponent stays the largest.
CK_INLINE vf widen_halves(vu h) {
  vu magnitude = (h & 0x7FFF) << 13;
  vf value = (vf)magnitude * 0x1p112f;
  vu special = (vu)((h & 0x7C00) == 0x7C00);
  vu bits = ((vu)value & ~special) | ((magnitude | 0x7F800000) & special);
  return (vf)(bits | (h & 0x8000) << 16);
}

CK_INLINE vf load_halves(const uint8_t *p) {
#if CK_HALVES && CK_LANES == 16
  return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
#elif CK_HALVES && CK_LANES == 8
  return (vf)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
#else
  words_lanes v;
  memcpy(&v, p, sizeof v);
  return widen_halves(__builtin_convertvector(v, vu));
#endif
}

CK_INLINE float half_at(const uint8_t *p) {
  uint16_t h;
  memcpy(&h, p, sizeof h);
#if CK_HALVES
  return _cvtsh_ss(h);
#else
  return widen_halves((vu){} + h)[0];
#endif
}

CK_INLINE vf load_bfloats(const uint8_t *p) {
  words_lanes v;
  memcpy(&v, p, sizeof v);
  return (vf)(__builtin_convertvector(v, vu) << 16);
}

/// Elements i ... of a row without blocks; lanes past the row's end are 0.
CK_INLINE vf plain_at(enum ck_format format, const uint8_t *row, size_t i, size_t count) {
  size_t width = format == CK_STORED_F32 ? 4 : 2;
  uint8_t part[CK_LANES * 4];
  const uint8_t *from = row + i * width;
  if (count < CK_LANES) {
    memset(part, 0, sizeof part);
    memcpy(part, from, count * width);
    from = part;
  }
  if (format == CK_STORED_F16) return load_halves(from);
  if (format == CK_STORED_BF16) return load_bfloats(from);
  vf v;
  memcpy(&v, from, sizeof v);
  return v;
}

enum { CK_AHEAD = 8192 };

#define CK_UNROLL _Pragma("clang loop unroll(full)")

/// Asks for `count` bytes that will be read soon. Rows are short and several are read together, which the processor's own
/// prefetching does not follow; matrices lie row by row, so that what is so far ahead comes to be read whichever row it is of.
CK_INLINE void prefetch_weights(const uint8_t *w, size_t count) {
  for (size_t i = 0; i < count; i += 64) __builtin_prefetch(w + CK_AHEAD + i, 0, 2);
}
