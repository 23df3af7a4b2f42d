// Products with stored weights: fixed tiles of rows, claimed by whichever thread is free.
#include "context.h"

// A tile's weights stay in the cache while several streams pass over them, and a claim costs little beside reading them.
enum { TILE_BYTES = 16 << 10, TILE_ROWS = 128 };

static size_t tile_rows(ck_stored matrix) {
  size_t rows = TILE_BYTES / (matrix.row_bytes ? matrix.row_bytes : 1) / 4 * 4;
  return rows < 4 ? 4 : ck_min(rows, TILE_ROWS);
}

static size_t tiles_of(ck_stored matrix) { return (matrix.rows + tile_rows(matrix) - 1) / tile_rows(matrix); }

typedef struct {
  const ck_path *path;
  size_t columns;
  ck_inputs inputs;
} quantize_job;

static void quantize_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  quantize_job *job = argument;
  size_t k = job->columns;
  const ck_inputs *x = &job->inputs;
  job->path->quantize_row(k, x->floats + tile * x->stride, x->integers.words + tile * k, x->integers.scales + tile * (k / 32),
                          x->integers.sums + tile * (k / 32));
}

static int is_blocks(ck_stored matrix) {
  return matrix.format != CK_STORED_F32 && matrix.format != CK_STORED_F16 && matrix.format != CK_STORED_BF16;
}

// The activations as what the matrices want them.
static int prepare(ck_context *context, int blocks, size_t columns, size_t streams, const float *x, size_t stride, ck_inputs *inputs) {
  *inputs = (ck_inputs){.floats = x, .stride = stride};
  if (!blocks) return 0;
  size_t parts = streams * (columns / 32);
  if (ck_scratch_reserve(&context->integers, parts * (16 + 2)) != 0) return -1;
  float *data = context->integers.data;
  inputs->integers = (ck_integers){(int16_t *)data, data + parts * 16, data + parts * 17};
  quantize_job job = {context->path, columns, *inputs};
  if (streams < 4) {
    for (size_t s = 0; s < streams; s++) quantize_tile(&job, s, 0);
  } else {
    ck_pool_run(context->pool, streams, quantize_tile, &job);
  }
  return 0;
}

typedef struct {
  const ck_path *path;
  size_t count, streams;
  const ck_stored_product *products;
  ck_inputs x;
} multiply_job;

static void multiply_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  multiply_job *job = argument;
  const ck_stored_product *product = job->products;
  while (tile >= tiles_of(product->matrix)) tile -= tiles_of(product++->matrix);
  size_t step = tile_rows(product->matrix), first = tile * step, rows = ck_min(step, product->matrix.rows - first);
  float sums[4 * TILE_ROWS];
  for (size_t s = 0; s < job->streams; s += 4) {
    size_t streams = ck_min(4, job->streams - s);
    job->path->stored_rows(product->matrix, first, rows, job->x, s, streams, sums, TILE_ROWS);
    for (size_t i = 0; i < streams; i++) {
      size_t at = (s + i) * product->stride + first;
      for (size_t r = 0; r < rows; r++) {
        float value = sums[i * TILE_ROWS + r];
        if (product->bias) value += product->bias[first + r];
        if (product->addend) value += product->addend[at + r];
        product->y[at + r] = value;
      }
    }
  }
}

int ck_stored_multiply(ck_context *context, size_t count, const ck_stored_product *products, size_t streams,
                       const float *x, size_t stride) {
  multiply_job job = {context->path, count, streams, products, {}};
  size_t tiles = 0;
  int blocks = 0;
  for (size_t i = 0; i < count; i++) {
    tiles += tiles_of(products[i].matrix);
    blocks |= is_blocks(products[i].matrix);
  }
  if (count == 0) return 0;
  if (prepare(context, blocks, products[0].matrix.columns, streams, x, stride, &job.x) != 0) return -1;
  ck_pool_run(context->pool, tiles, multiply_tile, &job);
  return 0;
}

typedef struct {
  const ck_path *path;
  ck_stored gate, up;
  const float *gate_bias, *up_bias;
  ck_inputs x;
  size_t streams, step;
  float *h;
} swiglu_job;

static void swiglu_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  swiglu_job *job = argument;
  size_t first = tile * job->step, rows = ck_min(job->step, job->gate.rows - first);
  float gate[4 * TILE_ROWS], up[4 * TILE_ROWS];
  for (size_t s = 0; s < job->streams; s += 4) {
    size_t streams = ck_min(4, job->streams - s);
    job->path->stored_rows(job->gate, first, rows, job->x, s, streams, gate, TILE_ROWS);
    job->path->stored_rows(job->up, first, rows, job->x, s, streams, up, TILE_ROWS);
    for (size_t i = 0; i < streams; i++) {
      float *g = gate + i * TILE_ROWS, *u = up + i * TILE_ROWS;
      if (job->gate_bias) job->path->add(rows, job->gate_bias + first, g);
      if (job->up_bias) job->path->add(rows, job->up_bias + first, u);
      job->path->swiglu_row(rows, g, u, job->h + (s + i) * job->gate.rows + first);
    }
  }
}

int ck_stored_swiglu(ck_context *context, ck_stored gate, const float *gate_bias, ck_stored up, const float *up_bias,
                     size_t streams, const float *x, size_t stride, float *h) {
  swiglu_job job = {context->path, gate, up, gate_bias, up_bias, {}, streams, ck_min(tile_rows(gate), tile_rows(up)), h};
  if (prepare(context, is_blocks(gate) || is_blocks(up), gate.columns, streams, x, stride, &job.x) != 0) return -1;
  ck_pool_run(context->pool, (gate.rows + job.step - 1) / job.step, swiglu_tile, &job);
  return 0;
}

typedef struct {
  const ck_path *path;
  ck_stored matrix;
  const int32_t *ids; // NULL for rows in order from `first`
  size_t first, rows;
  float *out;
} unpack_job;

enum { UNPACK_ROWS = 16 };

static void unpack_tile(void *argument, size_t tile, int worker) {
  (void)worker;
  unpack_job *job = argument;
  for (size_t r = tile * UNPACK_ROWS; r < ck_min(job->rows, (tile + 1) * UNPACK_ROWS); r++)
    job->path->stored_unpack(job->matrix, job->ids ? (size_t)job->ids[r] : job->first + r, job->out + r * job->matrix.columns);
}

void ck_stored_unpack(ck_context *context, ck_stored matrix, size_t first, size_t rows, float *out) {
  unpack_job job = {context->path, matrix, NULL, first, rows, out};
  ck_pool_run(context->pool, (rows + UNPACK_ROWS - 1) / UNPACK_ROWS, unpack_tile, &job);
}

void ck_stored_gather(ck_context *context, ck_stored matrix, size_t count, const int32_t *ids, float *out) {
  unpack_job job = {context->path, matrix, ids, 0, count, out};
  ck_pool_run(context->pool, (count + UNPACK_ROWS - 1) / UNPACK_ROWS, unpack_tile, &job);
}
