// Rows of stored weights times streams of activations. The sum of one row and one stream is one vector that takes its
// products in the order of the row, whatever is computed beside it.

/// out[s * ld + r] for `rows` rows from `w` on and `streams` streams, both compile-time constants: formats without blocks.
CK_INLINE void plain_rows(enum ck_format format, size_t rows, size_t streams, size_t k, const uint8_t *w, size_t row_bytes,
                          const float *x, size_t ldx, float *out, size_t ld) {
  vf sum[4][4];
  CK_UNROLL for (size_t r = 0; r < rows; r++)
    CK_UNROLL for (size_t s = 0; s < streams; s++) sum[r][s] = splat(0);
  size_t whole = k / CK_LANES * CK_LANES;
  for (size_t i = 0; i < whole; i += CK_LANES)
    CK_UNROLL for (size_t r = 0; r < rows; r++) {
      if (i % (128 / sizeof(float)) == 0) prefetch_weights(w + r * row_bytes + i * (format == CK_STORED_F32 ? 4 : 2), 128);
      vf values = plain_at(format, w + r * row_bytes, i, CK_LANES);
      CK_UNROLL for (size_t s = 0; s < streams; s++) sum[r][s] = values * load(x + s * ldx + i) + sum[r][s];
    }
  if (whole < k)
    CK_UNROLL for (size_t r = 0; r < rows; r++) {
      vf values = plain_at(format, w + r * row_bytes, whole, k - whole);
      CK_UNROLL for (size_t s = 0; s < streams; s++)
        sum[r][s] = values * load_part(x + s * ldx + whole, k - whole, 0) + sum[r][s];
    }
  CK_UNROLL for (size_t r = 0; r < rows; r++)
    CK_UNROLL for (size_t s = 0; s < streams; s++) out[s * ld + r] = sum_lanes(sum[r][s]);
}

CK_INLINE void rows_times_streams(enum ck_format format, size_t rows, size_t streams, ck_stored m, size_t row, ck_inputs x,
                                  size_t s, float *out, size_t ld) {
  const uint8_t *w = (const uint8_t *)m.weights + row * m.row_bytes;
#if CK_LANES < 16
  if (block_parts(format)) {
    ck_integers from = {x.integers.words + s * m.columns, x.integers.scales + s * (m.columns / CK_PART),
                        x.integers.sums + s * (m.columns / CK_PART)};
    return block_rows(format, rows, streams, m.columns, w, m.row_bytes, from, out, ld);
  }
#endif
  plain_rows(format, rows, streams, m.columns, w, m.row_bytes, x.floats + s * x.stride, x.stride, out, ld);
}

#if CK_LANES == 16
enum { CK_WIDE = 4, CK_ALONE = 4 }; // rows of several streams and of one: sixteen sums of thirty-two registers
#else
enum { CK_WIDE = 2, CK_ALONE = 2 };
#endif

CK_INLINE void rows_of_format(enum ck_format format, ck_stored m, size_t row, size_t rows, ck_inputs x, size_t first,
                              size_t streams, float *out, size_t ld) {
  for (size_t s = 0; s < streams;) {
    size_t together = streams - s >= 4 ? 4 : streams - s >= 2 ? 2 : 1, r = 0;
    float *to = out + s * ld;
    if (together == 4) {
      for (; r + CK_WIDE <= rows; r += CK_WIDE) rows_times_streams(format, CK_WIDE, 4, m, row + r, x, first + s, to + r, ld);
      for (; r < rows; r++) rows_times_streams(format, 1, 4, m, row + r, x, first + s, to + r, ld);
    } else if (together == 2) {
      for (; r + CK_WIDE <= rows; r += CK_WIDE) rows_times_streams(format, CK_WIDE, 2, m, row + r, x, first + s, to + r, ld);
      for (; r < rows; r++) rows_times_streams(format, 1, 2, m, row + r, x, first + s, to + r, ld);
    } else {
      for (; r + CK_ALONE <= rows; r += CK_ALONE) rows_times_streams(format, CK_ALONE, 1, m, row + r, x, first + s, to + r, ld);
      for (; r < rows; r++) rows_times_streams(format, 1, 1, m, row + r, x, first + s, to + r, ld);
    }
    s += together;
  }
}

CK_INLINE void unpack_format(enum ck_format format, ck_stored m, size_t row, float *out) {
  const uint8_t *w = (const uint8_t *)m.weights + row * m.row_bytes;
#if CK_LANES < 16
  if (block_parts(format)) return unpack_blocks(format, m.columns, w, out);
#endif
  for (size_t i = 0; i < m.columns; i += CK_LANES) store_part(out + i, plain_at(format, w, i, m.columns - i), m.columns - i);
}

#define CK_PLAIN_FORMATS(use) use(CK_STORED_F32) use(CK_STORED_F16) use(CK_STORED_BF16)
#if CK_LANES < 16
#define CK_EACH_FORMAT(use) \
  CK_PLAIN_FORMATS(use) use(CK_STORED_Q4_0) use(CK_STORED_Q4_1) use(CK_STORED_Q5_0) use(CK_STORED_Q5_1) use(CK_STORED_Q8_0) \
  use(CK_STORED_Q4_K) use(CK_STORED_Q5_K) use(CK_STORED_Q6_K)
#else
#define CK_EACH_FORMAT(use) CK_PLAIN_FORMATS(use)
#endif

// Of blocks the 512-bit paths leave all to the 256-bit one: a part is 32 bytes at most, so wider vectors would be spent on
// putting halves together, and its sums on twice the conversions.
static void stored_rows(ck_stored m, size_t row, size_t rows, ck_inputs x, size_t first, size_t streams, float *out, size_t ld) {
  switch (m.format) {
#define CK_CASE(format) case format: rows_of_format(format, m, row, rows, x, first, streams, out, ld); break;
    CK_EACH_FORMAT(CK_CASE)
#undef CK_CASE
#if CK_LANES == 16
    default: ck_path_avx2.stored_rows(m, row, rows, x, first, streams, out, ld);
#endif
  }
}

static void stored_unpack(ck_stored m, size_t row, float *out) {
  switch (m.format) {
#define CK_CASE(format) case format: unpack_format(format, m, row, out); break;
    CK_EACH_FORMAT(CK_CASE)
#undef CK_CASE
#if CK_LANES == 16
    default: ck_path_avx2.stored_unpack(m, row, out);
#endif
  }
}

#if CK_LANES == 16
static void quantize_row(size_t count, const float *x, int16_t *words, float *scales, float *sums) {
  ck_path_avx2.quantize_row(count, x, words, scales, sums);
}
#endif
