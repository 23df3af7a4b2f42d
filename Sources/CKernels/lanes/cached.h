// One key head's queries against a cache of keys and values.

// The keys' blocks hold 16 positions a dimension, so that scores come out as vectors and nothing is summed across lanes.
enum { CK_CACHE_VECTORS = CK_CACHE_BLOCK / CK_LANES };

CK_INLINE void score_block(size_t queries, size_t dim, const float *q, const float *keys, float *scores, size_t stride) {
  vf sum[4][CK_CACHE_VECTORS];
#pragma clang loop unroll(full)
  for (size_t g = 0; g < queries; g++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < CK_CACHE_VECTORS; v++) sum[g][v] = splat(0);
  for (size_t d = 0; d < dim; d++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < CK_CACHE_VECTORS; v++) {
      vf key = load(keys + d * CK_CACHE_BLOCK + v * CK_LANES);
#pragma clang loop unroll(full)
      for (size_t g = 0; g < queries; g++) sum[g][v] = splat(q[g * dim + d]) * key + sum[g][v];
    }
#pragma clang loop unroll(full)
  for (size_t g = 0; g < queries; g++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < CK_CACHE_VECTORS; v++) store(scores + g * stride + v * CK_LANES, sum[g][v]);
}

/// out = p (queries, positions) · values, `width` floats of each row.
CK_INLINE void mix_values(size_t queries, size_t vectors, size_t dim, size_t first, size_t last, const float *p, size_t stride,
                          const float *values, size_t width, float *out) {
  vf sum[4][4];
#pragma clang loop unroll(full)
  for (size_t g = 0; g < queries; g++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) sum[g][v] = splat(0);
  for (size_t j = first; j <= last; j++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      vf value = load_part(values + j * dim + v * CK_LANES, width - v * CK_LANES, 0);
#pragma clang loop unroll(full)
      for (size_t g = 0; g < queries; g++) sum[g][v] = splat(p[g * stride + j]) * value + sum[g][v];
    }
#pragma clang loop unroll(full)
  for (size_t g = 0; g < queries; g++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) store_part(out + g * dim + v * CK_LANES, sum[g][v], width - v * CK_LANES);
}

CK_INLINE void attend_queries(size_t queries, size_t dim, size_t first, size_t last, float scale, const float *q, const float *keys,
                              const float *values, float *scores, size_t stride, float *out) {
  size_t start = first / CK_CACHE_BLOCK * CK_CACHE_BLOCK;
  for (size_t j = start; j <= last; j += CK_CACHE_BLOCK) score_block(queries, dim, q, keys + j * dim, scores + j, stride);
  for (size_t g = 0; g < queries; g++) {
    float maximum = -INFINITY, sum = 0;
    softmax_row(last + 1 - first, last + 1 - first, scale, scores + g * stride + first, &maximum, &sum);
    scale_row(last + 1 - first, 1 / sum, scores + g * stride + first);
  }
  size_t d = 0;
  for (; d + 4 * CK_LANES <= dim; d += 4 * CK_LANES)
    mix_values(queries, 4, dim, first, last, scores, stride, values + d, 4 * CK_LANES, out + d);
  for (; d < dim; d += CK_LANES) mix_values(queries, 1, dim, first, last, scores, stride, values + d, dim - d, out + d);
}

static void attend_cached(size_t queries, size_t dim, size_t first, size_t last, float scale, const float *q, const float *keys,
                          const float *values, float *scores, float *out) {
  size_t stride = last + CK_CACHE_BLOCK, g = 0;
  for (; g + 4 <= queries; g += 4) attend_queries(4, dim, first, last, scale, q + g * dim, keys, values, scores, stride, out + g * dim);
  if (queries - g == 3) attend_queries(3, dim, first, last, scale, q + g * dim, keys, values, scores, stride, out + g * dim);
  else if (queries - g == 2) attend_queries(2, dim, first, last, scale, q + g * dim, keys, values, scores, stride, out + g * dim);
  else if (queries - g == 1) attend_queries(1, dim, first, last, scale, q + g * dim, keys, values, scores, stride, out + g * dim);
}

static void turn_head(size_t half, const float *cosines, const float *sines, int interleaved, float *x) {
  if (interleaved) {
    float low[512], high[512]; // heads are 1,024 wide at most
    for (size_t i = 0; i < half; i++) {
      low[i] = x[2 * i];
      high[i] = x[2 * i + 1];
    }
    memcpy(x, low, half * sizeof(float));
    memcpy(x + half, high, half * sizeof(float));
  }
  rope_head(half, cosines, sines, 1, x);
}
