// The optimiser's inner loops.
static void adamw(size_t n, ck_adamw step, const float *gradient, float *weight, float *m, float *v) {
  for (size_t i = 0; i < n; i += CK_LANES) {
    size_t rest = n - i;
    vf g = load_part(gradient + i, rest, 0) * step.gradient_scale;
    vf mi = load_part(m + i, rest, 0), vi_ = load_part(v + i, rest, 0);
    mi = mi + (g - mi) * step.new1;
    vi_ = vi_ * step.beta2 + g * g * step.new2;
    vf denominator = __builtin_elementwise_sqrt(vi_) / step.root + step.eps;
    store_part(weight + i, load_part(weight + i, rest, 0) * step.keep - mi / denominator * step.rate, rest);
    store_part(m + i, mi, rest);
    store_part(v + i, vi_, rest);
  }
}

// Squares summed in single precision over 256 elements at most, then in double.
static double sum_of_squares(size_t n, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i += 256) sum += (double)dot(ck_min(256, n - i), x + i, x + i);
  return sum;
}
