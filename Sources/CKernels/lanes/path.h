// One instruction set's kernels. Compiled once for each path, with CK_LANES floats a vector.
#include "vector.h"

#include "microkernel.h"

#include "pack.h"

#include "pack_bf16.h"

#include "rows.h"

#include "softmax.h"

#include "update.h"

#include "dropout.h"

#include "narrow.h"

#include "stored.h"

#if CK_LANES < 16
#include "stored_blocks.h"

#include "stored_block_rows.h"
#endif

#include "stored_rows.h"

#include "cached.h"

const ck_path CK_PATH = {
  .name = CK_PATH_NAME, .mr = CK_MR, .nr = CK_NR, .lanes = CK_LANES,
  .product = {[CK_F32] = {1, pack_rows, pack_columns, multiply},
              [CK_BF16] = {CK_BF16_DEPTH, pack_rows_bf16, pack_columns_bf16, multiply_pairs}},
  .add = add, .rmsnorm_row = rmsnorm_row, .rmsnorm_row_backward = rmsnorm_row_backward, .rope_head = rope_head,
  .swiglu_row = swiglu_row, .swiglu_row_backward = swiglu_row_backward, .cross_entropy_row = cross_entropy_row,
  .softmax_row = softmax_row, .scale_row = scale_row, .dot = dot, .softmax_row_backward = softmax_row_backward,
  .dropout = dropout, .narrow_product = narrow_product, .narrow_outer = narrow_outer,
  .stored_rows = stored_rows, .quantize_row = quantize_row, .stored_unpack = stored_unpack, .turn_head = turn_head, .attend_cached = attend_cached,
  .adamw = adamw, .sum_of_squares = sum_of_squares,
};
