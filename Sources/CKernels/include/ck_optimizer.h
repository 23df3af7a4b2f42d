// The optimiser's passes over the parameter arena.
#pragma once
#include "ck_context.h"

/// One AdamW step's numbers. Follows torch.optim.AdamW: decay is decoupled, eps is added outside the square root.
typedef struct {
  float beta1, beta2, new1, new2; ///< shares of the old moments and of the new gradient, 1 - beta rounded by itself
  float rate;  ///< learning rate / (1 - beta1^step)
  float root;  ///< sqrt(1 - beta2^step)
  float keep;  ///< 1 - learning rate * weight decay
  float eps;
  float gradient_scale;   ///< multiplied into every gradient as it is read
} ck_adamw;

/// Updates `count` weights and both moments in one pass.
void ck_adamw_step(ck_context *context, size_t count, ck_adamw step, const float *gradient, float *weight, float *m, float *v);

/// The sum of squares in double precision, over fixed tiles in order.
double ck_sum_of_squares(ck_context *context, size_t count, const float *x);
/// x *= factor.
void ck_scale(ck_context *context, size_t count, float factor, float *x);
/// x = 0.
void ck_zero(ck_context *context, size_t count, float *x);
