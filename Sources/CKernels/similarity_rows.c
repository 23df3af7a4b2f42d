// All scores of each query. Queries of like length and the same group are compared as one batch, a query to a lane; those
// longer than a strip one by one.
#include "similarity.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Lists compared before what was found is looked at, and lanes of the widest row.
enum { CHUNK = 512, LANES = 64, ROW_BYTES = 128 };

typedef struct { uint32_t group, query, length; enum ck_lane lane; } ordered;
typedef struct { size_t first, count; } span;

typedef struct {
  ck_similarity *similarity;
  const ck_bucket *buckets;
  size_t bucket_count, places;
  ck_queries queries;
  const ordered *order;
  const span *spans;
  ck_match *nearest;
  double *totals;
  uint64_t *compared;
} rows;

// What is known of a query while it is compared. Where F of a bucket's lists is added up, all have the same two lengths:
// the sum of their LCS is a whole number, which no order of adding changes.
typedef struct {
  uint32_t query, number;
  size_t length, least;
  uint64_t lcs, lists;
  ck_match *nearest; // (places), the best first
  double worst;      // of them; before there are as many, the smallest that counts
} running;

static void found(const rows *rows, running *running, size_t lcs, size_t length, uint32_t number) {
  ck_match match = {ck_rouge_l(lcs, running->length, length), number};
  size_t at = rows->places;
  for (; at > 0; at--) {
    const ck_match *other = &running->nearest[at - 1];
    if (other->number != CK_NOBODY && (other->score > match.score || (other->score == match.score && other->number < number)))
      break;
    if (at < rows->places) running->nearest[at] = *other;
  }
  if (at == rows->places) return;
  running->nearest[at] = match;
  if (running->nearest[rows->places - 1].number != CK_NOBODY) running->worst = running->nearest[rows->places - 1].score;
  running->least = ck_rouge_l_least(running->worst, running->length, length);
}

static void begin_bucket(const rows *rows, running *running, size_t length) {
  running->least = rows->places ? ck_rouge_l_least(running->worst, running->length, length) : SIZE_MAX;
}

static void end_bucket(const rows *rows, running *running, size_t bucket) {
  size_t length = rows->buckets[bucket].length;
  if (bucket + 1 < rows->bucket_count && rows->buckets[bucket + 1].length == length) return;
  if (rows->compared) rows->compared[running->query] += running->lists;
  if (rows->totals && running->lcs) rows->totals[running->query] += 2 * (double)running->lcs / (double)(running->length + length);
  running->lcs = running->lists = 0;
}

static int is_earlier(const rows *rows, const running *running, uint32_t number) {
  return number != running->number && (number < rows->queries.settled || number < running->number);
}

static size_t settled_count(const rows *rows, const ck_bucket *bucket) {
  size_t low = 0, high = bucket->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ck_number(bucket, middle) < rows->queries.settled) low = middle + 1;
    else high = middle;
  }
  return low;
}

static size_t lane_value(const void *row, enum ck_lane lane, size_t i) {
  switch (lane) {
  case CK_LANE_16: return ((const uint16_t *)row)[i];
  case CK_LANE_32: return ((const uint32_t *)row)[i];
  default: return ((const uint64_t *)row)[i];
  }
}

static void set_lane(void *row, enum ck_lane lane, size_t i, size_t value) {
  switch (lane) {
  case CK_LANE_16: ((uint16_t *)row)[i] = (uint16_t)ck_smaller(value, UINT16_MAX); break;
  case CK_LANE_32: ((uint32_t *)row)[i] = (uint32_t)ck_smaller(value, UINT32_MAX); break;
  default: ((uint64_t *)row)[i] = value;
  }
}

static void set_bit(void *rows, enum ck_lane lane, size_t row_bytes, size_t i, size_t bit) {
  switch (lane) {
  case CK_LANE_16: ((uint16_t *)rows)[i] |= (uint16_t)(1u << bit); break;
  case CK_LANE_32: ((uint32_t *)rows)[i] |= (uint32_t)1 << bit; break;
  default: ((uint64_t *)((char *)rows + bit / 64 * row_bytes))[i] |= (uint64_t)1 << bit % 64;
  }
}

typedef struct {
  const rows *rows;
  ck_worker *worker;
  const ordered *queries;
  size_t count;
  enum ck_lane lane;
  ck_batch batch;
  _Alignas(ROW_BYTES) char valid[CK_STRIP_WORDS * ROW_BYTES], least[ROW_BYTES], sums[ROW_BYTES];
  running running[LANES];
} unit;

static int fill_table(unit *unit) {
  const rows *rows = unit->rows;
  ck_worker *worker = unit->worker;
  size_t row_bytes = rows->similarity->path->bytes, words = 1, tokens = 0;
  for (size_t i = 0; i < unit->count; i++) {
    tokens += unit->queries[i].length;
    if (unit->lane == CK_LANE_WORDS && (unit->queries[i].length + 63) / 64 > words) words = (unit->queries[i].length + 63) / 64;
  }
  size_t bytes = (tokens + 1) * words * row_bytes;
  if (bytes > worker->table_bytes) {
    free(worker->table);
    worker->table_bytes = (2 * bytes + ROW_BYTES - 1) / ROW_BYTES * ROW_BYTES;
    worker->table = aligned_alloc(ROW_BYTES, worker->table_bytes);
    if (!worker->table) worker->table_bytes = 0;
  }
  if (!worker->rows) worker->rows = aligned_alloc(ROW_BYTES, CHUNK * ROW_BYTES);
  if (!worker->table || !worker->rows) return -1;
  memset(unit->valid, 0, sizeof unit->valid);
  memset(worker->table, 0, words * row_bytes);
  uint32_t used = 0;
  for (size_t i = 0; i < unit->count; i++) {
    const uint32_t *list = ck_list(&rows->queries, unit->queries[i].query);
    for (size_t t = 0; t < unit->queries[i].length; t++) {
      uint32_t *slot = &worker->slots.slots[list[t]];
      if (*slot == 0) {
        *slot = ++used;
        memset((char *)worker->table + used * words * row_bytes, 0, words * row_bytes);
      }
      set_bit((char *)worker->table + *slot * words * row_bytes, unit->lane, row_bytes, i, t);
      set_bit(unit->valid, unit->lane, row_bytes, i, t);
    }
  }
  unit->batch = (ck_batch){.table = worker->table, .slots = worker->slots, .words = words, .valid = unit->valid,
                           .least = unit->least, .sums = unit->sums};
  return 0;
}

static void clear_slots(unit *unit) {
  for (size_t i = 0; i < unit->count; i++) {
    const uint32_t *list = ck_list(&unit->rows->queries, unit->queries[i].query);
    for (size_t t = 0; t < unit->queries[i].length; t++) unit->worker->slots.slots[list[t]] = 0;
  }
}

// Compares `count` lists from `first` on, all of the batch's group. They are `even` when they are settled: every query may
// be compared with them, but itself, so they are added up as they are compared. Of others each is looked at.
static void compare_chunk(unit *unit, const ck_bucket *bucket, size_t first, size_t count, int even) {
  const rows *rows = unit->rows;
  const ck_similarity_path *path = rows->similarity->path;
  uint32_t positions[CHUNK];
  memset(unit->sums, 0, sizeof unit->sums);
  memset(unit->least, 0xff, sizeof unit->least); // lanes without a query reach nothing
  for (size_t i = 0; i < unit->count; i++) set_lane(unit->least, unit->lane, i, even ? unit->running[i].least : 0);
  size_t found_count = path->batch[unit->lane](&unit->batch, bucket->tokens + first * bucket->length, bucket->length, count,
                                               positions, unit->worker->rows);
  if (even)
    for (size_t i = 0; i < unit->count; i++) {
      unit->running[i].lcs += lane_value(unit->sums, unit->lane, i);
      unit->running[i].lists += count;
    }
  for (size_t f = 0; f < found_count; f++) {
    const char *row = (const char *)unit->worker->rows + f * path->bytes;
    uint32_t number = ck_number(bucket, first + positions[f]);
    for (size_t i = 0; i < unit->count; i++) {
      running *running = &unit->running[i];
      size_t lcs = lane_value(row, unit->lane, i);
      if (even && lcs < running->least) continue;
      if (!is_earlier(rows, running, number)) continue;
      if (!even) running->lcs += lcs, running->lists++;
      if (lcs >= running->least) found(rows, running, lcs, bucket->length, number);
    }
  }
}

static void compare_bucket(unit *unit, size_t place) {
  const rows *rows = unit->rows;
  const ck_bucket *bucket = &rows->buckets[place];
  int useful = rows->totals || rows->compared;
  for (size_t i = 0; i < unit->count; i++) {
    begin_bucket(rows, &unit->running[i], bucket->length);
    useful |= unit->running[i].least <= ck_smaller(unit->running[i].length, bucket->length);
  }
  if (!useful) return;
  size_t settled = settled_count(rows, bucket), at = 0;
  uint32_t group = unit->queries[0].group;
  while (at < bucket->count) {
    if (bucket->groups[at] != group) {
      at++;
      continue;
    }
    int even = at < settled;
    size_t end = at + 1, most = ck_smaller(at + CHUNK, even ? settled : bucket->count);
    while (end < most && bucket->groups[end] == group) end++;
    compare_chunk(unit, bucket, at, end - at, even);
    at = end;
  }
  for (size_t i = 0; i < unit->count; i++) {
    running *running = &unit->running[i];
    // A settled list may be the query itself.
    if (running->length == bucket->length && running->number < rows->queries.settled)
      for (size_t low = 0, high = settled; low < high;) {
        size_t middle = (low + high) / 2;
        uint32_t number = ck_number(bucket, middle);
        if (number == running->number) {
          running->lcs -= running->length;
          running->lists--;
          break;
        }
        if (number < running->number) low = middle + 1;
        else high = middle;
      }
    end_bucket(rows, running, place);
  }
}

// A list longer than any lane, or without tokens.
static void compare_alone(unit *unit) {
  const rows *rows = unit->rows;
  running *running = &unit->running[0];
  const uint32_t *list = ck_list(&rows->queries, running->query);
  for (size_t b = 0; b < rows->bucket_count; b++) {
    const ck_bucket *bucket = &rows->buckets[b];
    begin_bucket(rows, running, bucket->length);
    size_t most = ck_smaller(running->length, bucket->length);
    if (!rows->totals && !rows->compared && running->least > most) continue;
    for (size_t item = 0; item < bucket->count; item++) {
      uint32_t number = ck_number(bucket, item);
      if (bucket->groups[item] != unit->queries[0].group || !is_earlier(rows, running, number)) continue;
      size_t lcs = most == 0 ? 0 : ck_lcs(unit->worker, rows->similarity->path, list, running->length,
                                          bucket->tokens + item * bucket->length, bucket->length);
      running->lcs += lcs;
      running->lists++;
      if (lcs >= running->least) found(rows, running, lcs, bucket->length, number);
    }
    end_bucket(rows, running, b);
  }
}

static void run(void *job, size_t tile, int worker) {
  rows *rows = job;
  unit unit = {.rows = rows, .worker = &rows->similarity->workers[worker], .queries = rows->order + rows->spans[tile].first,
               .count = rows->spans[tile].count};
  if (unit.worker->failed) return;
  unit.lane = unit.queries[0].lane;
  for (size_t i = 0; i < unit.count; i++) {
    uint32_t query = unit.queries[i].query;
    unit.running[i] = (running){.query = query, .number = rows->queries.first + query, .length = unit.queries[i].length,
                                .nearest = rows->places ? rows->nearest + query * rows->places : NULL,
                                .worst = nextafter(0, 1)};
  }
  if (unit.count == 1 && (unit.queries[0].length > CK_STRIP || unit.queries[0].length == 0)) {
    ck_lcs_begin(unit.worker, ck_list(&rows->queries, unit.queries[0].query), unit.queries[0].length);
    compare_alone(&unit);
    ck_lcs_end(unit.worker, ck_list(&rows->queries, unit.queries[0].query), unit.queries[0].length);
    return;
  }
  if (fill_table(&unit) < 0) unit.worker->failed = 1;
  else for (size_t b = 0; b < rows->bucket_count; b++) compare_bucket(&unit, b);
  clear_slots(&unit);
}

static int by_batch(const void *one, const void *other) {
  const ordered *a = one, *b = other;
  if (a->group != b->group) return a->group < b->group ? -1 : 1;
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  return a->query < b->query ? -1 : a->query > b->query;
}

static enum ck_lane lane_of(size_t length) {
  return length <= 16 ? CK_LANE_16 : length <= 32 ? CK_LANE_32 : length <= 64 ? CK_LANE_64 : CK_LANE_WORDS;
}

static size_t lanes_of(enum ck_lane lane, size_t row_bytes) {
  return row_bytes / (lane == CK_LANE_16 ? 2 : lane == CK_LANE_32 ? 4 : 8);
}

int ck_similarity_rows(ck_similarity *similarity, const ck_bucket *buckets, size_t bucket_count, ck_queries queries,
                       size_t places, ck_match *nearest, double *totals, uint64_t *compared) {
  if (!nearest) places = 0;
  for (size_t i = 0; i < queries.count * places; i++) nearest[i] = (ck_match){0, CK_NOBODY};
  for (size_t i = 0; i < queries.count; i++) {
    if (totals) totals[i] = 0;
    if (compared) compared[i] = 0;
  }
  if (queries.count == 0) return 0;
  if (ck_similarity_prepare(similarity, &queries) < 0) return -1;
  ordered *order = malloc(queries.count * sizeof *order);
  span *spans = malloc(queries.count * sizeof *spans);
  size_t span_count = 0;
  if (order && spans) {
    for (size_t i = 0; i < queries.count; i++) {
      size_t length = ck_list_length(&queries, i);
      order[i] = (ordered){queries.groups[i], (uint32_t)i, (uint32_t)length, lane_of(length)};
    }
    qsort(order, queries.count, sizeof *order, by_batch);
    for (size_t first = 0, end; first < queries.count; first = end) {
      size_t lanes = lanes_of(order[first].lane, similarity->path->bytes);
      int alone = order[first].length == 0 || order[first].length > CK_STRIP;
      for (end = first + 1; !alone && end < queries.count && end - first < lanes && order[end].lane == order[first].lane &&
                            order[end].group == order[first].group && order[end].length <= CK_STRIP;)
        end++;
      spans[span_count++] = (span){first, end - first};
    }
    rows job = {.similarity = similarity, .buckets = buckets, .bucket_count = bucket_count, .places = places, .queries = queries,
                .order = order, .spans = spans, .nearest = nearest, .totals = totals, .compared = compared};
    ck_pool_run(similarity->pool, span_count, run, &job);
  }
  int failed = !order || !spans;
  for (int i = 0; i < ck_pool_threads(similarity->pool); i++) failed |= similarity->workers[i].failed;
  free(order);
  free(spans);
  return failed ? -1 : 0;
}
