// Rows of weights in blocks, times streams of activations as integers.
/// sum + a part's products; Q6_K has a scale for each half of a part.
CK_INLINE vf add_part(enum ck_format format, const vw *words, const block_scales *scales, size_t part, const int16_t *x, float scale, vf sum) {
  size_t together = format == CK_STORED_Q6_K ? 16 / CK_UNIT : CK_UNITS; // units that share a scale
  CK_UNROLL for (size_t u = 0; u < CK_UNITS; u += together) {
    vi total = {};
    CK_UNROLL for (size_t t = u; t < u + together; t++) {
      vw other;
      memcpy(&other, x + t * CK_UNIT, sizeof other);
      total += multiply_pairs_of_words(words[t], other);
    }
    float own = scales->scale[format == CK_STORED_Q6_K ? 2 * part + u * CK_UNIT / 16 : part];
    sum = __builtin_convertvector(total, vf) * splat(own * scale) + sum;
  }
  return sum;
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
    CK_UNROLL for (size_t r = 0; r < rows; r++) prefetch_weights(w + r * row_bytes, bytes);
    CK_UNROLL for (size_t r = 0; r < rows; r++) load_scales(format, w + r * row_bytes, &scales[r]);
    CK_UNROLL for (size_t part = 0; part < parts; part++) {
      size_t p = b * parts + part;
      CK_UNROLL for (size_t r = 0; r < rows; r++) {
        vw words[CK_UNITS];
        CK_UNROLL for (size_t u = 0; u < CK_UNITS; u++) words[u] = unit_words(format, w + r * row_bytes, part, u);
        CK_UNROLL for (size_t s = 0; s < streams; s++)
          sum[r][s] = add_part(format, words, &scales[r], part, x.words + s * k + p * CK_PART, x.scales[s * all + p], sum[r][s]);
        if (has_minimum(format))
          CK_UNROLL for (size_t s = 0; s < streams; s++) least[r][s] += scales[r].minimum[part] * x.sums[s * all + p];
      }
    }
  }
  CK_UNROLL for (size_t r = 0; r < rows; r++)
    CK_UNROLL for (size_t s = 0; s < streams; s++) out[s * ld + r] = sum_lanes(sum[r][s]) + least[r][s];
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
