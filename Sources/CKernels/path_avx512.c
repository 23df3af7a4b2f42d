// The avx512 path: panels of 8 rows by 48 columns, 24 vector registers of sums.
#include "context.h"
#if defined(__x86_64__)
#include "lanes/includes.h"
#define CK_LANES 16
#define CK_MR 8
#define CK_NV 3
#define CK_HALVES 1
#define CK_PATH ck_path_avx512
#define CK_PATH_NAME "avx512"
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "lanes/path.h"
#pragma clang attribute pop
#endif
