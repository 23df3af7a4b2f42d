// The avx2 path: panels of 4 rows by 24 columns, 12 vector registers of sums.
#include "context.h"
#if defined(__x86_64__)
#include "lanes/includes.h"
#define CK_LANES 8
#define CK_MR 4
#define CK_NV 3
#define CK_HALVES 1
#define CK_PATH ck_path_avx2
#define CK_PATH_NAME "avx2"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "lanes/path.h"
#pragma clang attribute pop
#endif
