// Rows of stored weights times streams of activations. The sum of one row and one stream is one vector that takes its
// products in the order of the row, whatever is computed beside it.

#define CK_UNROLL _Pragma("clang loop unroll(full)")

/// out[s * ld + r] for `rows` rows from `w` on and `streams` streams, both compile-time constants: formats without blocks.
CK_INLINE void plain_rows(enum ck_format format, size_t rows, size_t streams, size_t k, const uint8_t *w, size_t row_bytes,
                          const float *x, size_t ldx, float *out, size_t ld) {
  vf sum[4][4];
  CK_UNROLL for (size_t r = 0; r < rows; r++)
    CK_UNROLL for (size_t s = 0; s < streams; s++) sum[r][s] = splat(0);
  size_t whole = k / CK_LANES * CK_LANES;
  for (size_t i = 0; i < whole; i += CK_LANES)
    CK_UNROLL for (size_t r = 0; r < rows; r++) {
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

/// The same for formats in blocks, from activations as integers: products of integers are exact, and are scaled part by part.
CK_INLINE void block_rows(enum ck_format format, size_t rows, size_t streams, size_t k, const uint8_t *w, size_t row_bytes,
                          ck_integers x, float *out, size_t ld) {
  vf sum[4][4];
  float least[4][4];
  CK_UNROLL for (size_t r = 0; r < rows; r++)
    CK_UNROLL for (size_t s = 0; s < streams; s++) {
      sum[r][s] = splat(0);
      least[r][s] = 0;
    }
  size_t parts = block_parts(format), bytes = block_bytes(format), all = k / CK_PART;
  for (size_t b = 0; b < all / parts; b++, w += bytes) {
    block_scales scales[4];
    CK_UNROLL for (size_t r = 0; r < rows; r++) load_scales(format, w + r * row_bytes, &scales[r]);
    CK_UNROLL for (size_t part = 0; part < parts; part++) {
      size_t p = b * parts + part;
      CK_UNROLL for (size_t r = 0; r < rows; r++) {
        CK_UNROLL for (size_t u = 0; u < CK_UNITS; u++) {
          vw words = unit_words(format, w + r * row_bytes, part, u);
          vf scale = unit_scale(format, &scales[r], part, u);
          CK_UNROLL for (size_t s = 0; s < streams; s++) {
            vw other;
            memcpy(&other, x.words + s * k + p * CK_PART + u * CK_UNIT, sizeof other);
            vf products = __builtin_convertvector(multiply_pairs_of_words(words, other), vf) * scale;
            sum[r][s] = products * splat(x.scales[s * all + p]) + sum[r][s];
          }
        }
        if (has_minimum(format))
          CK_UNROLL for (size_t s = 0; s < streams; s++) least[r][s] += scales[r].minimum[part] * x.sums[s * all + p];
      }
    }
  }
  CK_UNROLL for (size_t r = 0; r < rows; r++)
    CK_UNROLL for (size_t s = 0; s < streams; s++) out[s * ld + r] = sum_lanes(sum[r][s]) + least[r][s];
}

CK_INLINE void rows_times_streams(enum ck_format format, size_t rows, size_t streams, ck_stored m, size_t row, ck_inputs x,
                                  size_t s, float *out, size_t ld) {
  const uint8_t *w = (const uint8_t *)m.weights + row * m.row_bytes;
  if (!block_parts(format)) return plain_rows(format, rows, streams, m.columns, w, m.row_bytes, x.floats + s * x.stride, x.stride, out, ld);
  ck_integers from = {x.integers.words + s * m.columns, x.integers.scales + s * (m.columns / CK_PART),
                      x.integers.sums + s * (m.columns / CK_PART)};
  block_rows(format, rows, streams, m.columns, w, m.row_bytes, from, out, ld);
}

#if CK_LANES == 16
enum { CK_WIDE = 4 }; // rows of four streams at once: sixteen sums of thirty-two registers
#else
enum { CK_WIDE = 2 };
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
      for (; r + 4 <= rows; r += 4) rows_times_streams(format, 4, 1, m, row + r, x, first + s, to + r, ld);
      for (; r < rows; r++) rows_times_streams(format, 1, 1, m, row + r, x, first + s, to + r, ld);
    }
    s += together;
  }
}

CK_INLINE void unpack_blocks(enum ck_format format, size_t columns, const uint8_t *w, float *out) {
  size_t parts = block_parts(format);
  for (size_t b = 0; b < columns / (CK_PART * parts); b++, w += block_bytes(format)) {
    block_scales scales;
    load_scales(format, w, &scales);
    for (size_t part = 0; part < parts; part++)
      for (size_t u = 0; u < CK_UNITS; u++) {
        vw words = unit_words(format, w, part, u);
        int16_t each[CK_UNIT];
        memcpy(each, &words, sizeof each);
        for (size_t i = 0; i < CK_UNIT; i++) {
          float scale = format == CK_STORED_Q6_K ? scales.scale[2 * part + (u * CK_UNIT + i) / 16] : scales.scale[part];
          out[(b * parts + part) * CK_PART + u * CK_UNIT + i] = (float)each[i] * scale + (has_minimum(format) ? scales.minimum[part] : 0);
        }
      }
  }
}

CK_INLINE void unpack_format(enum ck_format format, ck_stored m, size_t row, float *out) {
  const uint8_t *w = (const uint8_t *)m.weights + row * m.row_bytes;
  if (block_parts(format)) return unpack_blocks(format, m.columns, w, out);
  for (size_t i = 0; i < m.columns; i += CK_LANES) store_part(out + i, plain_at(format, w, i, m.columns - i), m.columns - i);
}

#define CK_EACH_FORMAT(use) \
  use(CK_STORED_F32) use(CK_STORED_F16) use(CK_STORED_BF16) use(CK_STORED_Q4_0) use(CK_STORED_Q4_1) use(CK_STORED_Q5_0) \
  use(CK_STORED_Q5_1) use(CK_STORED_Q8_0) use(CK_STORED_Q4_K) use(CK_STORED_Q5_K) use(CK_STORED_Q6_K)

static void stored_rows(ck_stored m, size_t row, size_t rows, ck_inputs x, size_t first, size_t streams, float *out, size_t ld) {
  switch (m.format) {
#define CK_CASE(format) case format: rows_of_format(format, m, row, rows, x, first, streams, out, ld); break;
    CK_EACH_FORMAT(CK_CASE)
#undef CK_CASE
  }
}

static void stored_unpack(ck_stored m, size_t row, float *out) {
  switch (m.format) {
#define CK_CASE(format) case format: unpack_format(format, m, row, out); break;
    CK_EACH_FORMAT(CK_CASE)
#undef CK_CASE
  }
}
