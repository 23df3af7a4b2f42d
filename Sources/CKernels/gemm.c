// c = addend + op(a)·op(b): pack a block of both operands into panels, then multiply tiles of panels.
#include "context.h"

enum { TILE_ROWS = 96, TILE_COLUMNS = 192 }; // multiples of every path's panel; a and b of a tile fit in L2 together

typedef struct {
  const ck_path *path;
  const ck_product *product;
  enum ck_form form;
  const float *a, *b, *addend;
  float *c, *packed_a, *packed_b;
  size_t lda, ldb, ldc;
  size_t m0, m, n0, n, k0, k, words; // the current block, `words` deep in panels
  size_t a_groups, b_groups, row_tiles;
  ck_tail tail; // k is 0 without one, and until the last block in depth
  float *tail_a, *tail_b;
  size_t tail_words;
} gemm_job;

// Rows packed by one task: wide enough that a transposed operand is read in whole cache lines, page after page.
enum { GROUP = 192 };

static void pack_tail(const gemm_job *job, size_t tile) {
  const ck_path *path = job->path;
  ck_tail tail = job->tail;
  size_t r = (tile < job->a_groups ? tile : tile - job->a_groups) * GROUP;
  if (tile < job->a_groups)
    job->product->pack_rows(job->tail_a + r * job->tail_words, path->mr, tail.a + (job->m0 + r) * tail.lda, tail.lda,
                            ck_min(GROUP, job->m - r), tail.k);
  else if (job->form == CK_NT)
    job->product->pack_rows(job->tail_b + r * job->tail_words, path->nr, tail.b + (job->n0 + r) * tail.ldb, tail.ldb,
                            ck_min(GROUP, job->n - r), tail.k);
  else
    job->product->pack_columns(job->tail_b + r * job->tail_words, path->nr, tail.b + job->n0 + r, tail.ldb,
                               ck_min(GROUP, job->n - r), tail.k);
}

static void pack_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  gemm_job *job = argument;
  const ck_path *path = job->path;
  const ck_product *product = job->product;
  if (job->tail.k) pack_tail(job, tile);
  if (tile < job->a_groups) {
    size_t r = tile * GROUP, rows = ck_min(GROUP, job->m - r);
    float *out = job->packed_a + r * job->words;
    if (job->form == CK_TN) product->pack_columns(out, path->mr, job->a + job->k0 * job->lda + job->m0 + r, job->lda, rows, job->k);
    else product->pack_rows(out, path->mr, job->a + (job->m0 + r) * job->lda + job->k0, job->lda, rows, job->k);
  } else {
    size_t r = (tile - job->a_groups) * GROUP, rows = ck_min(GROUP, job->n - r);
    float *out = job->packed_b + r * job->words;
    if (job->form == CK_NT) product->pack_rows(out, path->nr, job->b + (job->n0 + r) * job->ldb + job->k0, job->ldb, rows, job->k);
    else product->pack_columns(out, path->nr, job->b + job->k0 * job->ldb + job->n0 + r, job->ldb, rows, job->k);
  }
}

static void multiply_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  gemm_job *job = argument;
  size_t i = tile % job->row_tiles * TILE_ROWS, j = tile / job->row_tiles * TILE_COLUMNS;
  size_t at = (job->m0 + i) * job->ldc + job->n0 + j;
  job->product->multiply(ck_min(TILE_ROWS, job->m - i), ck_min(TILE_COLUMNS, job->n - j), job->words,
                         job->packed_a + i * job->words, job->path->mr * job->words,
                         job->packed_b + j * job->words, job->path->nr * job->words,
                         job->addend ? job->addend + at : NULL, job->c + at, job->ldc);
  if (job->tail.k)
    job->product->multiply(ck_min(TILE_ROWS, job->m - i), ck_min(TILE_COLUMNS, job->n - j), job->tail_words,
                           job->tail_a + i * job->tail_words, job->path->mr * job->tail_words,
                           job->tail_b + j * job->tail_words, job->path->nr * job->tail_words, job->c + at, job->c + at, job->ldc);
}

static void fill(ck_context *context, size_t m, size_t n, const float *addend, float *c, size_t ldc) {
  (void)context;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) c[i * ldc + j] = addend ? addend[i * ldc + j] : 0;
}

void ck_gemm(ck_context *context, enum ck_form form, enum ck_precision precision, size_t m, size_t n, size_t k,
             const float *a, size_t lda, const float *b, size_t ldb,
             const float *addend, float *c, size_t ldc) {
  ck_gemm_with_tail(context, form, precision, m, n, k, a, lda, b, ldb, (ck_tail){0}, addend, c, ldc);
}

void ck_gemm_with_tail(ck_context *context, enum ck_form form, enum ck_precision precision, size_t m, size_t n, size_t k,
                       const float *a, size_t lda, const float *b, size_t ldb, ck_tail tail,
                       const float *addend, float *c, size_t ldc) {
  enum { BLOCK = CK_PACK_ROWS / GROUP * GROUP };
  if (k == 0) {
    if (tail.k) return ck_gemm(context, form, precision, m, n, tail.k, tail.a, tail.lda, tail.b, tail.ldb, addend, c, ldc);
    return fill(context, m, n, addend, c, ldc);
  }
  size_t tail_words = (tail.k + context->path->product[precision].depth - 1) / context->path->product[precision].depth;
  size_t tail_rows = ck_min(ck_round_up(m, context->path->mr), BLOCK), tail_columns = ck_min(ck_round_up(n, context->path->nr), BLOCK);
  if (tail.k && ck_scratch_reserve(&context->tail, (tail_rows + tail_columns) * tail_words) != 0) {
    ck_gemm(context, form, precision, m, n, k, a, lda, b, ldb, addend, c, ldc);
    return ck_gemm(context, form, precision, m, n, tail.k, tail.a, tail.lda, tail.b, tail.ldb, c, c, ldc);
  }
  const ck_product *product = &context->path->product[precision];
  size_t most = CK_PACK_DEPTH * product->depth, depths = (k + most - 1) / most;
  size_t depth = ck_round_up((k + depths - 1) / depths, product->depth);
  gemm_job job = {.path = context->path, .product = product, .form = form, .a = a, .b = b, .c = c, .lda = lda, .ldb = ldb, .ldc = ldc,
                  .packed_a = context->packed_a, .packed_b = context->packed_b, .tail_words = tail_words,
                  .tail_a = context->tail.data, .tail_b = context->tail.data + tail_rows * tail_words};
  for (job.n0 = 0; job.n0 < n; job.n0 += BLOCK) {
    job.n = ck_min(BLOCK, n - job.n0);
    for (job.m0 = 0; job.m0 < m; job.m0 += BLOCK) {
      job.m = ck_min(BLOCK, m - job.m0);
      for (job.k0 = 0; job.k0 < k; job.k0 += depth) {
        job.k = ck_min(depth, k - job.k0);
        job.words = (job.k + product->depth - 1) / product->depth;
        job.addend = job.k0 == 0 ? addend : c;
        job.tail = job.k0 + depth >= k ? tail : (ck_tail){0};
        job.a_groups = (job.m + GROUP - 1) / GROUP;
        job.b_groups = (job.n + GROUP - 1) / GROUP;
        ck_pool_run(context->pool, job.a_groups + job.b_groups, pack_tile, &job);
        job.row_tiles = (job.m + TILE_ROWS - 1) / TILE_ROWS;
        ck_pool_run(context->pool, job.row_tiles * ((job.n + TILE_COLUMNS - 1) / TILE_COLUMNS), multiply_tile, &job);
      }
    }
  }
}
