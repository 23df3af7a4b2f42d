// Dropout by a hash of the element's number.
typedef uint32_t vu __attribute__((vector_size(CK_LANES * 4)));

// The 32-bit mix "lowbias32": Wellons, "Prospecting for Hash Functions", 2018.
CK_INLINE vu mix(vu h) {
  h = (h ^ h >> 16) * 0x7feb352dU;
  h = (h ^ h >> 15) * 0x846ca68bU;
  return h ^ h >> 16;
}

// y = addend + x * scale where the hash of the key and the element's number `first + i` reaches the threshold.
static void dropout(size_t n, uint32_t first, ck_dropout_key key, const float *x, const float *addend, float *y) {
  vu lane = {};
  for (int i = 0; i < CK_LANES; i++) lane[i] = (uint32_t)i;
  for (size_t i = 0; i < n; i += CK_LANES) {
    vu hash = mix(mix(lane + (first + (uint32_t)i + key.low)) ^ key.high);
    vi kept = (vi)(hash >= key.threshold);
    vf value = (vf)((vi)(load_part(x + i, n - i, 0) * key.scale) & kept);
    store_part(y + i, addend ? load_part(addend + i, n - i, 0) + value : value, n - i);
  }
}
