// What is inside a context, and the table of functions each instruction set fills in.
#pragma once
#include "CKernels.h"
#include "pool.h"

/// Rows of queries handled together, and keys a pass: multiples of every panel width, and one divides the other so
/// that no block of queries straddles two passes.
enum { CK_QUERY_BLOCK = 64, CK_KEY_BLOCK = 384 };

/// What an element's hash is mixed with, the hash below which it is dropped, and the factor of what is kept.
typedef struct { uint32_t low, high, threshold; float scale; } ck_dropout_key;

/// Products of one precision. Panels are made of words the size of a float, each holding `depth` neighbours along k.
typedef struct {
  size_t depth;
  /// Packs rows of a (rows, k) matrix, k contiguous, into panels (ceil(rows/width), ceil(k/depth), width) with zeros past the end.
  void (*pack_rows)(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k);
  /// The same from a (k, rows) matrix, rows contiguous.
  void (*pack_columns)(float *panels, size_t width, const float *source, size_t ld, size_t rows, size_t k);
  /// c (m, n) = addend + panels of a · panels of b, `words` deep; strides are words from one panel to the next.
  void (*multiply)(size_t m, size_t n, size_t words, const float *a, size_t a_stride, const float *b, size_t b_stride,
                   const float *addend, float *c, size_t ldc);
} ck_product;

/// Activations as integers: words (streams, k), and of every 32 the scale and the sum, (streams, k / 32).
typedef struct {
  int16_t *words;
  float *scales, *sums;
} ck_integers;

/// Activations (streams, stride); as integers too when a matrix in blocks is multiplied with them.
typedef struct {
  const float *floats;
  size_t stride;
  ck_integers integers;
} ck_inputs;

typedef struct {
  const char *name;
  size_t mr, nr, lanes;
  ck_product product[2]; // by ck_precision

  void (*add)(size_t n, const float *x, float *y);
  void (*rmsnorm_row)(size_t dim, const float *x, const float *gain, float eps, float *y);
  void (*rmsnorm_row_backward)(size_t dim, const float *x, const float *gain, float eps, const float *dy, float *dx, float *dgain);
  void (*rope_head)(size_t half, const float *cosines, const float *sines, float direction, float *x);
  void (*swiglu_row)(size_t ffn, const float *gate, const float *up, float *h);
  void (*swiglu_row_backward)(size_t ffn, const float *gate, const float *up, const float *dh, float *dgate, float *dup);
  double (*cross_entropy_row)(size_t vocab, float *logits, int32_t label, float scale, int gradient);

  /// One row of scores to probabilities against the running maximum: returns the factor for what was summed before.
  float (*softmax_row)(size_t valid, size_t width, float scale, float *row, float *maximum, float *sum);
  void (*scale_row)(size_t n, float factor, float *row);
  float (*dot)(size_t n, const float *x, const float *y);
  /// Scores and dP in, probabilities and dS out.
  void (*softmax_row_backward)(size_t valid, size_t width, float scale, float lse, float delta, float *p, float *ds);

  /// out (streams, ld) = streams of x from `first` on times rows of a stored matrix from `row` on.
  void (*stored_rows)(ck_stored matrix, size_t row, size_t rows, ck_inputs x, size_t first, size_t streams, float *out, size_t ld);
  /// Activations as 16-bit integers, 32 to a scale.
  void (*quantize_row)(size_t count, const float *x, int16_t *words, float *scales, float *sums);
  /// One row of a stored matrix as floats.
  void (*stored_unpack)(ck_stored matrix, size_t row, float *out);
  /// Turns one head; `interleaved` pairs neighbours and puts them where rotate-half has them.
  void (*turn_head)(size_t half, const float *cosines, const float *sines, int interleaved, float *x);
  /// out (queries, dim) of queries (queries, dim) against cached positions first ... last; scores is (queries, last + 16).
  void (*attend_cached)(size_t queries, size_t dim, size_t first, size_t last, float scale, const float *q, const float *keys,
                        const float *values, float *scores, float *out);

  void (*adamw)(size_t n, ck_adamw step, const float *gradient, float *weight, float *m, float *v);
  double (*sum_of_squares)(size_t n, const float *x);

  /// See narrow.h of the lanes.
  void (*narrow_product)(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *panel, size_t ld, float *c, size_t ldc);
  void (*narrow_outer)(size_t rows, size_t columns, size_t k, const float *a, size_t lda, const float *x, size_t ldx, float *c,
                       size_t row, size_t column);

  void (*dropout)(size_t n, uint32_t first, ck_dropout_key key, const float *x, const float *addend, float *y);
} ck_path;

extern const ck_path ck_path_portable;
#if defined(__x86_64__)
extern const ck_path ck_path_avx2;
extern const ck_path ck_path_avx512;
extern const ck_path ck_path_avx512_bf16;
#endif

/// Rows or columns, and words in depth, of what is packed at once: each panel store is 10 MiB.
enum { CK_PACK_ROWS = 4096, CK_PACK_DEPTH = 640 };

typedef struct { float *data; size_t floats; } ck_scratch;

struct ck_context {
  const ck_path *path;
  ck_pool *pool;
  float *packed_a, *packed_b; // CK_PACK_ROWS + one panel, times CK_PACK_DEPTH
  ck_scratch tail; // panels of a product's tail, grown to the largest and then kept
  ck_scratch integers; // activations of a product with weights in blocks
  ck_scratch shared, *private; // attention's, grown to the longest batch and then kept; `private` is one a thread
};

static inline size_t ck_round_up(size_t value, size_t step) { return (value + step - 1) / step * step; }
static inline size_t ck_min(size_t a, size_t b) { return a < b ? a : b; }
/// Grows `scratch` to hold `floats`; 0, or -1 without memory.
int ck_scratch_reserve(ck_scratch *scratch, size_t floats);
