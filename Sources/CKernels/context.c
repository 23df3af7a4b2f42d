#include "context.h"
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

void *ck_pages_allocate(size_t bytes) {
  if (bytes == 0 || bytes > SIZE_MAX - HUGE_PAGE) return NULL;
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return NULL;
#if defined(MADV_HUGEPAGE)
  if (bytes >= HUGE_PAGE) (void)madvise(pages, bytes, MADV_HUGEPAGE);
#endif
  return pages;
}

void ck_pages_free(void *pages, size_t bytes) {
  if (pages) munmap(pages, bytes);
}

int ck_scratch_reserve(ck_scratch *scratch, size_t floats) {
  if (scratch->floats >= floats) return 0;
  float *grown = ck_pages_allocate(floats * sizeof(float));
  if (!grown) return -1;
  ck_pages_free(scratch->data, scratch->floats * sizeof(float));
  *scratch = (ck_scratch){grown, floats};
  return 0;
}

static const ck_path *choose(enum ck_isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f");
  int bf16 = avx512 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512bf16");
  if (isa == CK_AVX512_BF16 || isa == CK_BEST) {
    if (bf16) return &ck_path_avx512_bf16;
    if (isa == CK_AVX512_BF16) return NULL;
  }
  if (isa == CK_AVX512 || isa == CK_BEST) {
    if (avx512) return &ck_path_avx512;
    if (isa == CK_AVX512) return NULL;
  }
  if (isa == CK_AVX2 || isa == CK_BEST) {
    if (avx2) return &ck_path_avx2;
    if (isa == CK_AVX2) return NULL;
  }
#else
  if (isa == CK_AVX512_BF16 || isa == CK_AVX512 || isa == CK_AVX2) return NULL;
#endif
  return &ck_path_portable;
}

static size_t packed_bytes(size_t width) {
  return ck_round_up(CK_PACK_ROWS + width, width) * CK_PACK_DEPTH * sizeof(float);
}

ck_context *ck_context_create(int threads, enum ck_isa isa) {
  const ck_path *path = choose(isa);
  ck_context *context = path ? calloc(1, sizeof *context) : NULL;
  if (!context) return NULL;
  context->path = path;
  context->pool = ck_pool_create(threads);
  context->packed_a = ck_pages_allocate(packed_bytes(path->mr));
  context->packed_b = ck_pages_allocate(packed_bytes(path->nr));
  if (context->pool) context->private = calloc((size_t)ck_pool_threads(context->pool), sizeof(ck_scratch));
  if (context->private && context->packed_a && context->packed_b) return context;
  ck_context_destroy(context);
  return NULL;
}

void ck_context_destroy(ck_context *context) {
  if (!context) return;
  ck_pages_free(context->packed_a, packed_bytes(context->path->mr));
  ck_pages_free(context->packed_b, packed_bytes(context->path->nr));
  ck_pages_free(context->tail.data, context->tail.floats * sizeof(float));
  ck_pages_free(context->integers.data, context->integers.floats * sizeof(float));
  ck_pages_free(context->shared.data, context->shared.floats * sizeof(float));
  for (int worker = 0; context->private && worker < ck_pool_threads(context->pool); worker++)
    ck_pages_free(context->private[worker].data, context->private[worker].floats * sizeof(float));
  free(context->private);
  ck_pool_destroy(context->pool);
  free(context);
}

const char *ck_context_isa_name(const ck_context *context) { return context->path->name; }
int ck_context_threads(const ck_context *context) { return ck_pool_threads(context->pool); }
