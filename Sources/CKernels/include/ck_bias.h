// The bias of a linear layer. T tokens, N outputs.
#pragma once
#include "ck_context.h"

/// y (T, N) += bias (N) in every row.
void ck_bias_forward(ck_context *context, size_t tokens, size_t outputs, const float *bias, float *y);
/// dbias (N) += the sum of dy (T, N) over its rows, rows in order, so that any number of threads gives the same bits.
void ck_bias_backward(ck_context *context, size_t tokens, size_t outputs, const float *dy, float *dbias);
