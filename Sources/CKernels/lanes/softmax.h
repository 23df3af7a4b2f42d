// Rows of softmax: the attention's, in passes over blocks of keys, and the head's over the vocabulary.
CK_INLINE float max_row(size_t n, const float *row) {
  vf largest = splat(-INFINITY);
  for (size_t i = 0; i < n; i += CK_LANES) largest = __builtin_elementwise_max(largest, load_part(row + i, n - i, -INFINITY));
  return max_lanes(largest);
}

// `valid` scores are at or before the query's position; the rest of `width` is in its future and becomes 0.
static float softmax_row(size_t valid, size_t width, float scale, float *row, float *maximum, float *sum) {
  float before = *maximum, now = max_row(valid, row) * scale;
  if (before > now) now = before;
  vf total = splat(0);
  for (size_t i = 0; i < valid; i += CK_LANES) {
    size_t n = valid - i;
    vf p = exp_lanes(load_part(row + i, n, 0) * scale - now);
    store_part(row + i, p, n);
    total += n < CK_LANES ? load_part(row + i, n, 0) : p;
  }
  for (size_t i = valid; i < width; i++) row[i] = 0;
  float factor = before == -INFINITY ? 0 : expf(before - now);
  *sum = *sum * factor + sum_lanes(total);
  *maximum = now;
  return factor;
}

// P = exp(scale S - lse), dS = scale P (dP - delta), where delta = dO · O of the row.
static void softmax_row_backward(size_t valid, size_t width, float scale, float lse, float delta, float *p, float *ds) {
  for (size_t i = 0; i < valid; i += CK_LANES) {
    size_t n = valid - i;
    vf probability = exp_lanes(load_part(p + i, n, 0) * scale - lse);
    vf gradient = probability * (load_part(ds + i, n, 0) - delta) * scale;
    store_part(p + i, probability, n);
    store_part(ds + i, gradient, n);
  }
  for (size_t i = valid; i < width; i++) p[i] = ds[i] = 0;
}

static double cross_entropy_row(size_t vocab, float *logits, int32_t label, float scale, int gradient) {
  float largest = max_row(vocab, logits), target = logits[label];
  vf total = splat(0);
  for (size_t i = 0; i < vocab; i += CK_LANES) {
    size_t n = vocab - i;
    vf e = exp_lanes(load_part(logits + i, n, -INFINITY) - largest);
    if (n < CK_LANES) {
      float kept[CK_LANES] = {0};
      store_part(kept, e, n);
      e = load(kept);
    }
    total += e;
    if (gradient) store_part(logits + i, e, n);
  }
  float sum = sum_lanes(total);
  if (gradient) {
    scale_row(vocab, scale / sum, logits);
    logits[label] -= scale;
  }
  return log((double)sum) + ((double)largest - (double)target);
}
