// The avx512-bf16 path: the avx512 path on processors that also multiply pairs of bfloat16. Panels of 8 rows by 48 columns, 24 vector registers of sums.
#include "context.h"
#if defined(__x86_64__)
#include "lanes/includes.h"
#define CK_LANES 16
#define CK_MR 8
#define CK_NV 3
#define CK_DOT_BF16 1
#define CK_HALVES 1
#define CK_PATH ck_path_avx512_bf16
#define CK_PATH_NAME "avx512-bf16"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))), apply_to = function)
#include "lanes/path.h"
#pragma clang attribute pop
#endif
