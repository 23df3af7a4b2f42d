#include "context.h"

enum { ROWS = 64 };

typedef struct {
  const ck_path *path;
  size_t m, n, k, lda, ldb, ldc, row, column, row_groups;
  const float *a, *b;
  float *c;
} narrow_job;

static void product_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  narrow_job *job = argument;
  size_t at = tile * ROWS;
  job->path->narrow_product(ck_min(ROWS, job->m - at), job->n, job->k, job->a + at * job->lda, job->lda, job->b, job->ldb,
                            job->c + at * job->ldc, job->ldc);
}

void ck_narrow_product(ck_context *context, enum ck_form form, size_t m, size_t n, size_t k, const float *a, size_t lda,
                       const float *b, size_t ldb, float *c, size_t ldc) {
  // A whole panel of columns: a row alone is multiplied with that many.
  size_t padded = ck_round_up(n, context->path->nr);
  if (k == 0 || padded > CK_PACK_ROWS * (size_t)CK_PACK_DEPTH / k)
    return ck_gemm(context, form, CK_F32, m, n, k, a, lda, b, ldb, NULL, c, ldc);
  float *panel = context->packed_b;
  for (size_t p = 0; p < k; p++)
    for (size_t j = 0; j < padded; j++)
      panel[p * padded + j] = j >= n ? 0 : form == CK_NT ? b[j * ldb + p] : b[p * ldb + j];
  narrow_job job = {.path = context->path, .m = m, .n = n, .k = k, .lda = lda, .ldb = padded, .ldc = ldc, .a = a, .b = panel, .c = c};
  ck_pool_run(context->pool, (m + ROWS - 1) / ROWS, product_tile, &job);
}

static void outer_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  narrow_job *job = argument;
  size_t i = tile % job->row_groups * job->path->mr, j = tile / job->row_groups * job->path->nr;
  job->path->narrow_outer(ck_min(job->path->mr, job->m - i), ck_min(job->path->nr, job->n - j), job->k, job->a + i, job->lda,
                          job->b + j, job->ldb, job->c + i * job->row + j * job->column, job->row, job->column);
}

void ck_narrow_outer(ck_context *context, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *x, size_t ldx,
                     float *c, size_t row, size_t column) {
  const ck_path *path = context->path;
  narrow_job job = {.path = path, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldx, .row = row, .column = column,
                    .row_groups = (m + path->mr - 1) / path->mr, .a = a, .b = x, .c = c};
  ck_pool_run(context->pool, job.row_groups * ((n + path->nr - 1) / path->nr), outer_tile, &job);
}
