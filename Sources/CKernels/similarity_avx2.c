// The avx2 path of the similarity engine.
#include "similarity.h"
#if defined(__x86_64__)
#include "lanes/includes.h"
#define CK_BYTES 32
#define CK_AVX2_MASKS 1
#define CK_PATH ck_similarity_avx2
#define CK_PATH_NAME "avx2"
#pragma clang attribute push(__attribute__((target("avx2,popcnt,bmi"))), apply_to = function)
#include "lanes/similarity.h"
#pragma clang attribute pop
#endif
