// Products with weights in the form in which they are stored, for text generation: every weight is read once and
// multiplied in registers. Where weights are floats, activations are single precision. Where they are integers in blocks,
// activations become 16-bit integers, 32 to a scale: products are exact then, and the rounding of the activations,
// 2^-16 of the largest of 32, is that of single precision's sums of a few hundred terms. With 8 bits, as llama.cpp takes
// them, greedy text would differ from that of the unpacked weights; with floats, unpacking costs more than reading.
#pragma once
#include "ck_context.h"

/// How elements are stored; the numbers are those of ggml's `enum ggml_type`.
enum ck_format {
  CK_STORED_F32 = 0,
  CK_STORED_F16 = 1,
  CK_STORED_Q4_0 = 2,
  CK_STORED_Q4_1 = 3,
  CK_STORED_Q5_0 = 6,
  CK_STORED_Q5_1 = 7,
  CK_STORED_Q8_0 = 8,
  CK_STORED_Q4_K = 12,
  CK_STORED_Q5_K = 13,
  CK_STORED_Q6_K = 14,
  CK_STORED_BF16 = 30,
};

/// A matrix (rows, columns), rows one after another in whole blocks; little-endian and at any address.
typedef struct {
  const void *weights;
  size_t rows, columns, row_bytes;
  enum ck_format format;
} ck_stored;

/// One product of several that share their input.
typedef struct {
  ck_stored matrix;
  const float *bias;   ///< (rows), or NULL
  const float *addend; ///< (streams, stride), or NULL; may be `y`
  float *y;            ///< (streams, stride)
  size_t stride;       ///< floats from one stream's row to the next, of both
} ck_stored_product;

/// Returns 0, or -1 when scratch memory cannot be had.
/// y = addend + x·Wᵀ + bias for `count` matrices of as many columns as x (streams, stride) has. A row's sum for one
/// stream runs in an order of its own: neither threads nor other streams change its bits.
int ck_stored_multiply(ck_context *context, size_t count, const ck_stored_product *products, size_t streams,
                       const float *x, size_t stride);

/// Returns 0, or -1 when scratch memory cannot be had.
/// h (streams, rows) = silu(x·gateᵀ + gate_bias) * (x·upᵀ + up_bias) for matrices of the same shape; biases may be NULL.
int ck_stored_swiglu(ck_context *context, ck_stored gate, const float *gate_bias, ck_stored up, const float *up_bias,
                     size_t streams, const float *x, size_t stride, float *h);

/// Unpacks `rows` rows of a matrix from `first` on to floats (rows, columns).
void ck_stored_unpack(ck_context *context, ck_stored matrix, size_t first, size_t rows, float *out);

/// Row r of out (count, columns) is row ids[r] of the matrix.
void ck_stored_gather(ck_context *context, ck_stored matrix, size_t count, const int32_t *ids, float *out);
