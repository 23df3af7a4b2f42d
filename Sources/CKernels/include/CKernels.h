// The numeric kernels of the LLaMA trainer and generator: C for its vector types and per-function target attributes, chosen
// at run time by what the processor has. Matrices are row-major float32; a comment such as (T, D) gives a buffer's shape.
#pragma once
#include "ck_attention.h"
#include "ck_bias.h"
#include "ck_cache.h"
#include "ck_context.h"
#include "ck_dropout.h"
#include "ck_gemm.h"
#include "ck_layers.h"
#include "ck_narrow.h"
#include "ck_ngrams.h"
#include "ck_optimizer.h"
#include "ck_similarity.h"
#include "ck_stored.h"
