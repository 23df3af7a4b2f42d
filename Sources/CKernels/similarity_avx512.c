// The avx512 path of the similarity engine: eight signatures, or up to 32 queries of the full comparison, in a vector.
#include "similarity.h"
#if defined(__x86_64__)
#include "lanes/includes.h"
#define CK_BYTES 64
#define CK_AVX512_MASKS 1
#define CK_PATH ck_similarity_avx512
#define CK_PATH_NAME "avx512"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vpopcntdq,avx512bitalg,popcnt,bmi,bmi2"))), apply_to = function)
#include "lanes/similarity.h"
#pragma clang attribute pop
#endif
