#pragma once
#define ZSTD_STATIC_LINKING_ONLY
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>

// Magicless frames and deterministic prefixes are "experimental" parameters, reached through macros, which Swift
// does not import. Each function returns a zstd error code or zero.
static inline size_t mdata_zstd_magicless_compression(ZSTD_CCtx *context) {
  return ZSTD_CCtx_setParameter(context, ZSTD_c_format, ZSTD_f_zstd1_magicless);
}
static inline size_t mdata_zstd_deterministic_prefix(ZSTD_CCtx *context) {
  return ZSTD_CCtx_setParameter(context, ZSTD_c_deterministicRefPrefix, 1);
}
static inline size_t mdata_zstd_magicless_decompression(ZSTD_DCtx *context) {
  return ZSTD_DCtx_setParameter(context, ZSTD_d_format, ZSTD_f_zstd1_magicless);
}
