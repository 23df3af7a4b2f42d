// Which lists are above a threshold. Queries go through the buckets in units of similar length: signatures leave few
// candidates, whose LCS decides. A unit's answer depends on nothing that another thread does.
#include "similarity.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Queries a unit, words of signatures a tile (half of the smallest first-level cache), and candidates kept before they
/// are looked at.
enum { UNIT = 128, TILE_WORDS = 2048, CANDIDATES = 1 << 16 };

typedef struct { uint32_t query, length; } ordered;

typedef struct {
  ck_similarity *similarity;
  const ck_bucket *buckets;
  size_t bucket_count;
  ck_queries queries;
  double bound; // the smallest F above the threshold
  const ordered *order;
  ck_match *best;
} search;

typedef struct {
  const search *search;
  ck_worker *worker;
  const ordered *queries;
  size_t count;
  double shortest, longest; // of lists that can reach the bound
  uint64_t signatures[UNIT][CK_SIGNATURE_ROOM], checks[UNIT][CK_CHECK_ROOM];
} unit;

static double bound_of(const search *search, uint32_t query) {
  double best = search->best[query].score;
  return best > search->bound ? best : search->bound;
}

static int may_compare(const search *search, uint32_t query, const ck_bucket *bucket, size_t item) {
  const ck_queries *queries = &search->queries;
  uint32_t number = ck_number(bucket, item), own = queries->first + query;
  return bucket->groups[item] == queries->groups[query] && number != own && (number < queries->settled || number < own);
}

static void consider(unit *unit, uint32_t query, const ck_bucket *bucket, size_t item) {
  const search *search = unit->search;
  ck_worker *worker = unit->worker;
  size_t length = ck_list_length(&search->queries, query);
  size_t least = ck_rouge_l_least(bound_of(search, query), length, bucket->length);
  if (least > ck_smaller(length, bucket->length)) return;
  size_t lcs = ck_lcs(worker, search->similarity->path, ck_list(&search->queries, query), length,
                      bucket->tokens + item * bucket->length, bucket->length);
  if (lcs < least) return;
  ck_match match = {ck_rouge_l(lcs, length, bucket->length), ck_number(bucket, item)};
  ck_match *best = &search->best[query];
  if (match.number >= search->queries.settled) {
    if (ck_room((void **)&worker->pending, &worker->pending_room, worker->pending_count + 1, sizeof(ck_pending)) < 0)
      worker->failed = 1;
    else worker->pending[worker->pending_count++] = (ck_pending){query, match};
  } else if (match.score > best->score || (match.score == best->score && match.number < best->number)) {
    *best = match;
  }
}

// Candidates of a query one after another, so that its masks are made once.
static void resolve(unit *unit) {
  ck_worker *worker = unit->worker;
  const search *search = unit->search;
  size_t starts[UNIT + 1] = {0};
  for (size_t i = 0; i < worker->candidate_count; i++) starts[worker->candidates[i].query + 1]++;
  for (size_t q = 0; q < unit->count; q++) starts[q + 1] += starts[q];
  for (size_t i = 0; i < worker->candidate_count; i++)
    worker->sorted[starts[worker->candidates[i].query]++] = worker->candidates[i];
  size_t at = 0;
  for (size_t q = 0; q < unit->count; q++) {
    uint32_t query = unit->queries[q].query;
    if (at == starts[q]) continue;
    ck_lcs_begin(worker, ck_list(&search->queries, query), unit->queries[q].length);
    for (; at < starts[q]; at++)
      consider(unit, query, &search->buckets[worker->sorted[at].bucket], worker->sorted[at].item);
    ck_lcs_end(worker, ck_list(&search->queries, query), unit->queries[q].length);
  }
  worker->candidate_count = 0;
}

static void scan_bucket(unit *unit, size_t number) {
  const search *search = unit->search;
  ck_worker *worker = unit->worker;
  const ck_similarity_path *path = search->similarity->path;
  const ck_bucket *bucket = &search->buckets[number];
  if ((double)bucket->length < unit->shortest || (double)bucket->length > unit->longest) return;
  struct { size_t place; uint64_t limit; } active[UNIT];
  size_t actives = 0, least = 0, length = 0;
  double bound = -1;
  for (size_t q = 0; q < unit->count; q++) {
    double wanted = bound_of(search, unit->queries[q].query);
    if (length != unit->queries[q].length || bound != wanted) {
      length = unit->queries[q].length;
      bound = wanted;
      least = ck_rouge_l_least(bound, length, bucket->length);
    }
    if (least > ck_smaller(length, bucket->length)) continue;
    active[actives].place = q;
    active[actives++].limit = length + bucket->length - 2 * least;
  }
  if (actives == 0) return;
  size_t words = ck_signature_words(bucket->length), check_words = ck_check_words_of(words);
  size_t tile = TILE_WORDS / words;
  uint32_t positions[TILE_WORDS];
  for (size_t first = 0; first < bucket->count; first += tile) {
    size_t items = ck_smaller(tile, bucket->count - first), vectors = (items + CK_SIGNATURE_LANES - 1) / CK_SIGNATURE_LANES;
    if (worker->candidate_count + actives * items > CANDIDATES) resolve(unit);
    for (size_t a = 0; a < actives; a++) {
      size_t q = active[a].place;
      size_t found = path->scan(bucket->signatures + first * words, vectors, words, unit->signatures[q] + words - 1,
                                active[a].limit, positions);
      while (found && positions[found - 1] >= items) found--; // lanes without a list
      found = path->near(unit->checks[q] + check_words - 4, bucket->checks + first * check_words, check_words, active[a].limit,
                         positions, found);
      for (size_t i = 0; i < found; i++) {
        size_t item = first + positions[i];
        if (may_compare(search, unit->queries[q].query, bucket, item))
          worker->candidates[worker->candidate_count++] = (ck_candidate){(uint32_t)q, (uint32_t)number, (uint32_t)item};
      }
    }
  }
}

static void run(void *job, size_t tile, int worker) {
  search *search = job;
  ck_worker *own = &search->similarity->workers[worker];
  if (own->failed) return;
  unit *unit = own->unit;
  unit->search = search;
  unit->worker = own;
  unit->queries = search->order + tile * UNIT;
  unit->count = ck_smaller(UNIT, search->queries.count - tile * UNIT);
  size_t longest = search->bucket_count ? search->buckets[0].length : 0;
  for (size_t b = 0; b < search->bucket_count; b++)
    if (search->buckets[b].length > longest) longest = search->buckets[b].length;
  // F is at most 2 shorter / (shorter + longer); one token of slack is more than rounding can ask for.
  double reach = 2 / search->bound - 1;
  unit->shortest = (double)unit->queries[0].length / reach - 1;
  unit->longest = (double)unit->queries[unit->count - 1].length * reach + 1;
  size_t widest = ck_signature_words(unit->longest < (double)longest ? (size_t)unit->longest : longest);
  for (size_t q = 0; q < unit->count; q++)
    ck_sign(ck_list(&search->queries, unit->queries[q].query), unit->queries[q].length, widest, unit->signatures[q], unit->checks[q]);
  for (size_t b = 0; b < search->bucket_count; b++) scan_bucket(unit, b);
  resolve(unit);
}

static int by_length(const void *one, const void *other) {
  const ordered *a = one, *b = other;
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  return a->query < b->query ? -1 : a->query > b->query;
}

static int by_query(const void *one, const void *other) {
  const ck_pending *a = one, *b = other;
  if (a->query != b->query) return a->query < b->query ? -1 : 1;
  return a->match.number < b->match.number ? -1 : a->match.number > b->match.number;
}

static int gather(ck_similarity *similarity) {
  similarity->pending_count = 0;
  for (int i = 0; i < ck_pool_threads(similarity->pool); i++) {
    ck_worker *worker = &similarity->workers[i];
    if (worker->failed || ck_room((void **)&similarity->pending, &similarity->pending_room,
                                  similarity->pending_count + worker->pending_count, sizeof(ck_pending)) < 0)
      return -1;
    if (worker->pending_count == 0) continue;
    memcpy(similarity->pending + similarity->pending_count, worker->pending, worker->pending_count * sizeof(ck_pending));
    similarity->pending_count += worker->pending_count;
  }
  if (similarity->pending_count) qsort(similarity->pending, similarity->pending_count, sizeof(ck_pending), by_query);
  return 0;
}

int ck_similarity_search(ck_similarity *similarity, const ck_bucket *buckets, size_t bucket_count, ck_queries queries,
                         double threshold, ck_match *best) {
  similarity->pending_count = 0;
  for (size_t i = 0; i < queries.count; i++) best[i] = (ck_match){0, CK_NOBODY};
  if (queries.count == 0) return 0;
  if (ck_similarity_prepare(similarity, &queries) < 0) return -1;
  for (int i = 0; i < ck_pool_threads(similarity->pool); i++) {
    ck_worker *worker = &similarity->workers[i];
    size_t room = (CANDIDATES + UNIT * TILE_WORDS) * sizeof(ck_candidate);
    if (!worker->candidates) worker->candidates = malloc(room);
    if (!worker->sorted) worker->sorted = malloc(room);
    if (!worker->unit) worker->unit = malloc(sizeof(unit));
    if (!worker->candidates || !worker->sorted || !worker->unit) return -1;
  }
  ordered *order = malloc(queries.count * sizeof *order);
  if (!order) return -1;
  for (size_t i = 0; i < queries.count; i++) order[i] = (ordered){(uint32_t)i, (uint32_t)ck_list_length(&queries, i)};
  qsort(order, queries.count, sizeof *order, by_length);
  search job = {.similarity = similarity, .buckets = buckets, .bucket_count = bucket_count, .queries = queries,
                .bound = nextafter(threshold, INFINITY), .order = order, .best = best};
  ck_pool_run(similarity->pool, (queries.count + UNIT - 1) / UNIT, run, &job);
  free(order);
  return gather(similarity);
}

const ck_pending *ck_similarity_pending(const ck_similarity *similarity, size_t *count) {
  *count = similarity->pending_count;
  return similarity->pending;
}
