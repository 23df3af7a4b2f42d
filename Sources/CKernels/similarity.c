#include "similarity.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

double ck_rouge_l(size_t lcs, size_t target, size_t prediction) {
  if (lcs == 0) return 0;
  double precision = (double)lcs / (double)prediction, recall = (double)lcs / (double)target;
  return 2 * precision * recall / (precision + recall);
}

size_t ck_rouge_l_least(double bound, size_t target, size_t prediction) {
  size_t most = ck_smaller(target, prediction), total = target + prediction;
  // F is 2 lcs / total but for its rounding, which matters only where this is close to a whole number.
  double exact = bound * (double)total / 2, near = 1e-9 * (double)total;
  double floor_below = floor(exact - near);
  if (exact - near > 0 && floor_below == floor(exact + near)) return ck_smaller((size_t)floor_below + 1, most + 1);
  size_t lcs = exact - near > 0 ? ck_smaller((size_t)floor_below, most + 1) : 0;
  while (lcs <= most && ck_rouge_l(lcs, target, prediction) < bound) lcs++;
  return lcs;
}

size_t ck_signature_words(size_t length) {
  size_t words = 1;
  while (words < CK_WIDEST && words * 20 < length) words *= 2;
  return words;
}

size_t ck_check_words(size_t length) { return ck_check_words_of(ck_signature_words(length)); }

static uint64_t mix(uint64_t x) { // Stafford's variant 13, as in SplitMix64
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

// Ids are handed out as tokens appear: neighbours among them are the frequent tokens, and those that are new in one text.
// So the first signature takes the id itself, which keeps such tokens apart, and the check takes a hash.
void ck_sign(const uint32_t *tokens, size_t count, size_t widest, uint64_t *signatures, uint64_t *checks) {
  size_t wide = ck_check_words_of(widest);
  uint64_t *signature = signatures + widest - 1, *check = checks + wide - 4;
  memset(signature, 0, widest * sizeof *signature);
  memset(check, 0, wide * sizeof *check);
  for (size_t i = 0; i < count; i++) {
    uint64_t plain = tokens[i], mixed = mix(plain + 1);
    signature[plain >> 6 & (widest - 1)] ^= (uint64_t)1 << (plain & 63);
    check[mixed >> 6 & (wide - 1)] ^= (uint64_t)1 << (mixed & 63);
  }
  for (size_t half = widest / 2; half >= 1; half /= 2)
    for (size_t i = 0; i < half; i++)
      signatures[half - 1 + i] = signatures[2 * half - 1 + i] ^ signatures[2 * half - 1 + half + i];
  for (size_t half = wide / 2; half >= 4; half /= 2)
    for (size_t i = 0; i < half; i++) checks[half - 4 + i] = checks[2 * half - 4 + i] ^ checks[2 * half - 4 + half + i];
}

int ck_room(void **array, size_t *room, size_t needed, size_t element) {
  if (needed <= *room) return 0;
  size_t grown = *room ? *room : 16;
  while (grown < needed) {
    if (grown > SIZE_MAX / 2 / element) return -1;
    grown *= 2;
  }
  void *moved = realloc(*array, grown * element);
  if (!moved) return -1;
  *array = moved;
  *room = grown;
  return 0;
}

static const ck_similarity_path *choose(enum ck_isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512bitalg");
  if ((isa == CK_BEST || isa == CK_AVX512) && avx512) return &ck_similarity_avx512;
  if ((isa == CK_BEST || isa == CK_AVX2) && avx2) return &ck_similarity_avx2;
#endif
  return isa == CK_BEST || isa == CK_PORTABLE ? &ck_similarity_portable : NULL;
}

ck_similarity *ck_similarity_create(int threads, enum ck_isa isa) {
  const ck_similarity_path *path = choose(isa);
  ck_similarity *similarity = path ? calloc(1, sizeof *similarity) : NULL;
  if (!similarity) return NULL;
  similarity->path = path;
  similarity->pool = ck_pool_create(threads);
  if (similarity->pool) similarity->workers = calloc((size_t)ck_pool_threads(similarity->pool), sizeof(ck_worker));
  if (similarity->workers) return similarity;
  ck_similarity_destroy(similarity);
  return NULL;
}

void ck_similarity_destroy(ck_similarity *similarity) {
  if (!similarity) return;
  for (int i = 0; similarity->workers && i < ck_pool_threads(similarity->pool); i++) {
    ck_worker *worker = &similarity->workers[i];
    free(worker->slots.slots);
    free(worker->masks);
    free(worker->carries);
    free(worker->candidates);
    free(worker->sorted);
    free(worker->unit);
    free(worker->pending);
    free(worker->table);
    free(worker->rows);
  }
  free(similarity->workers);
  free(similarity->pending);
  if (similarity->pool) ck_pool_destroy(similarity->pool);
  free(similarity);
}

const char *ck_similarity_isa_name(const ck_similarity *similarity) { return similarity->path->name; }

int ck_similarity_prepare(ck_similarity *similarity, const ck_queries *queries) {
  uint32_t limit = 0;
  for (ptrdiff_t i = queries->offsets[0]; i < queries->offsets[queries->count]; i++) {
    if (queries->tokens[i] == UINT32_MAX) return -1; // a slot more than any array can have
    if (queries->tokens[i] >= limit) limit = queries->tokens[i] + 1;
  }
  for (int i = 0; i < ck_pool_threads(similarity->pool); i++) {
    ck_worker *worker = &similarity->workers[i];
    worker->failed = 0;
    worker->pending_count = worker->candidate_count = 0;
    if (!worker->masks) worker->masks = malloc((CK_STRIP + 1) * CK_STRIP_WORDS * sizeof(uint64_t));
    if (!worker->masks) return -1;
    if (worker->slots.slots && limit <= worker->slots.limit) continue;
    uint32_t room = limit > UINT32_MAX / 2 ? limit : 2 * limit;
    free(worker->slots.slots);
    worker->slots = (ck_slots){calloc((size_t)room + 1, sizeof(uint32_t)), room};
    if (!worker->slots.slots) return -1;
  }
  return 0;
}
