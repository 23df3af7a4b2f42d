// The layers, one row at a time. D is the model width, F the feed-forward width, V the vocabulary.
static void add(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; i += CK_LANES) store_part(y + i, load_part(y + i, n - i, 0) + load_part(x + i, n - i, 0), n - i);
}

static void scale_row(size_t n, float factor, float *row) {
  for (size_t i = 0; i < n; i += CK_LANES) store_part(row + i, load_part(row + i, n - i, 0) * factor, n - i);
}

static float dot(size_t n, const float *x, const float *y) {
  vf sum = splat(0);
  for (size_t i = 0; i < n; i += CK_LANES) sum += load_part(x + i, n - i, 0) * load_part(y + i, n - i, 0);
  return sum_lanes(sum);
}

CK_INLINE float inverse_rms(size_t dim, const float *x, float eps) {
  return 1.0f / sqrtf(dot(dim, x, x) / (float)dim + eps);
}

static void rmsnorm_row(size_t dim, const float *x, const float *gain, float eps, float *y) {
  float inverse = inverse_rms(dim, x, eps);
  for (size_t i = 0; i < dim; i += CK_LANES)
    store_part(y + i, load_part(gain + i, dim - i, 0) * (load_part(x + i, dim - i, 0) * inverse), dim - i);
}

// With r = 1/rms: dx = r g dy - x r³/D Σ g dy x, dgain = dy x r.
static void rmsnorm_row_backward(size_t dim, const float *x, const float *gain, float eps, const float *dy, float *dx, float *dgain) {
  float inverse = inverse_rms(dim, x, eps);
  vf sum = splat(0);
  for (size_t i = 0; i < dim; i += CK_LANES)
    sum += load_part(gain + i, dim - i, 0) * load_part(dy + i, dim - i, 0) * load_part(x + i, dim - i, 0);
  float along = sum_lanes(sum) * inverse * inverse * inverse / (float)dim;
  for (size_t i = 0; i < dim; i += CK_LANES) {
    size_t n = dim - i;
    vf xi = load_part(x + i, n, 0), dyi = load_part(dy + i, n, 0), gi = load_part(gain + i, n, 0);
    store_part(dx + i, load_part(dx + i, n, 0) + (gi * dyi * inverse - xi * along), n);
    store_part(dgain + i, load_part(dgain + i, n, 0) + dyi * (xi * inverse), n);
  }
}

static void rope_head(size_t half, const float *cosines, const float *sines, float direction, float *x) {
  for (size_t i = 0; i < half; i += CK_LANES) {
    size_t n = half - i;
    vf c = load_part(cosines + i, n, 0), s = load_part(sines + i, n, 0) * direction;
    vf low = load_part(x + i, n, 0), high = load_part(x + half + i, n, 0);
    store_part(x + i, low * c - high * s, n);
    store_part(x + half + i, high * c + low * s, n);
  }
}

CK_INLINE vf sigmoid(vf x) { return 1.0f / (1.0f + exp_lanes(-x)); }

static void swiglu_row(size_t ffn, const float *gate, const float *up, float *h) {
  for (size_t i = 0; i < ffn; i += CK_LANES) {
    vf g = load_part(gate + i, ffn - i, 0);
    store_part(h + i, g * sigmoid(g) * load_part(up + i, ffn - i, 0), ffn - i);
  }
}

// silu'(g) = s (1 + g (1 - s)) with s = sigmoid(g).
static void swiglu_row_backward(size_t ffn, const float *gate, const float *up, const float *dh, float *dgate, float *dup) {
  for (size_t i = 0; i < ffn; i += CK_LANES) {
    size_t n = ffn - i;
    vf g = load_part(gate + i, n, 0), u = load_part(up + i, n, 0), d = load_part(dh + i, n, 0), s = sigmoid(g);
    store_part(dgate + i, d * u * (s * (1.0f + g * (1.0f - s))), n);
    store_part(dup + i, d * (g * s), n);
  }
}
