// One instruction set's functions of the similarity engine. Compiled once for each path, with CK_BYTES bytes a vector.
#define CK_INLINE static inline __attribute__((always_inline))

#include "signatures.h"

#include "lcs.h"

#define CK_WORD uint16_t
#define CK_ROW row_16
#define CK_BATCH batch_16
#include "lcs_batch.h"

#define CK_WORD uint32_t
#define CK_ROW row_32
#define CK_BATCH batch_32
#include "lcs_batch.h"

#define CK_WORD uint64_t
#define CK_ROW row_64
#define CK_BATCH batch_64
#include "lcs_batch.h"

#include "lcs_batch_words.h"

const ck_similarity_path CK_PATH = {
  .name = CK_PATH_NAME, .bytes = 2 * CK_BYTES, .scan = scan, .near = near, .same = same, .same_end = same_end,
  .lcs = lcs, .lcs_strip = lcs_strip,
  .batch = {[CK_LANE_16] = batch_16, [CK_LANE_32] = batch_32, [CK_LANE_64] = batch_64, [CK_LANE_WORDS] = batch_words},
};
