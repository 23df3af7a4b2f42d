// Of each set the grams that come first in the order that all sets share: what is enough to find it by.
#include "ngrams.h"
#include "pool.h"

static double best_score(enum ck_measure measure, size_t common, size_t a) {
  return measure == CK_OVERLAP ? (double)common / (double)a : ck_ngram_score(measure, common, a, common);
}

size_t ck_prefix_length(ck_ngram_similarity similarity, size_t a) {
  if (a == 0) return 0;
  // The best that `common` elements can give is with a set of no others, Jaccard c / a and Dice 2c / (a + c); a set that is
  // not smaller has an overlap coefficient of c / a with this one, too.
  double t = similarity.threshold;
  double estimate = similarity.measure == CK_DICE ? t * (double)a / (2 - t) : t * (double)a;
  size_t common = estimate < 1 ? 1 : (size_t)estimate;
  if (common > a) common = a;
  while (common < a && best_score(similarity.measure, common, a) < t) common++;
  while (common > 1 && best_score(similarity.measure, common - 1, a) >= t) common--;
  return a - common + 1;
}

static void insertion_sort(uint64_t *keys, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint64_t key = keys[i];
    size_t j = i;
    for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

static uint64_t median(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t low = a < b ? a : b, high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}

/// The `first` smallest of different keys come first, in order.
static void sort_first(uint64_t *keys, size_t count, size_t first) {
  while (count > 16) {
    uint64_t pivot = median(keys[0], keys[count / 2], keys[count - 1]);
    // Lomuto's partition without branches: whatever the comparison says, both writes are made.
    size_t low = 0;
    for (size_t i = 0; i < count; i++) {
      uint64_t key = keys[i];
      keys[i] = keys[low];
      keys[low] = key;
      low += key < pivot;
    }
    if (low == 0) { // the pivot is the smallest: take out what equals it
      for (size_t i = 0; i < count; i++) {
        uint64_t key = keys[i];
        keys[i] = keys[low];
        keys[low] = key;
        low += key == pivot;
      }
      if (low >= first) return;
    } else if (low >= first) {
      count = low;
      continue;
    } else {
      sort_first(keys, low, low);
    }
    keys += low;
    count -= low;
    first -= low;
  }
  insertion_sort(keys, count);
}

/// Keys come in 256 bins by their highest byte: 128 for what is not frequent, by gram, and one for each count above. The
/// other bits are the gram's.
static inline uint64_t key_of(uint64_t gram, ck_gram_order order) {
  uint64_t bin = order.bins[gram >> (CK_GRAM_BITS - order.bits)];
  return (bin | (gram >> (CK_GRAM_BITS - 7) & ((bin >> 7) - 1))) << 56 | gram;
}

/// Puts the `first` smallest of `count` keys in order to `sorted`. `sizes` counts the keys of each bin.
static void take_first(const uint64_t *keys, size_t count, size_t first, uint32_t *sizes, uint64_t *sorted) {
  unsigned last = 0;
  uint32_t start = 0;
  for (; start + sizes[last] < first; last++) {
    uint32_t size = sizes[last];
    sizes[last] = start;
    start += size;
  }
  // What is in later bins goes behind the last one, whatever its order.
  uint32_t size = sizes[last];
  sizes[last] = start;
  sizes[last + 1] = start + size;
  for (size_t i = 0; i < count; i++) {
    unsigned bin = (unsigned)(keys[i] >> 56);
    sorted[sizes[bin <= last ? bin : last + 1]++] = keys[i];
  }
  // Most bins have one key or two; those of frequent grams may have many.
  for (size_t i = 0; i < start;) {
    size_t end = i + 1;
    while (end < start && sorted[end] >> 56 == sorted[i] >> 56) end++;
    if (end - i > 1) sort_first(sorted + i, end - i, end - i);
    i = end;
  }
  sort_first(sorted + start, size, first - start);
}

/// What is known of texts so far: how many of their low grams were looked at, and how many of these are rare.
typedef struct { size_t seen, rare; } rarity;

enum { LOW_GRAMS = 1024 };

/// Puts a set's rare grams below a number that leaves somewhat more than `first` of them, as far as is known, to `low`; returns
/// how many.
static size_t take_low(const ck_gram_set *set, size_t first, ck_gram_order order, rarity *known, uint64_t *low, int *bits) {
  size_t wanted = first * known->seen / known->rare * 9 / 8 + 12;
  if (wanted >= set->size || wanted > LOW_GRAMS) return 0;
  uint64_t end = ((uint64_t)1 << CK_GRAM_BITS) / set->size * wanted;
  size_t seen = 0, rare = 0;
  for (uint32_t i = 0; i < set->size; i++) {
    uint64_t gram = ck_gram_at(set, i);
    low[seen] = gram;
    seen += gram < end;
  }
  for (size_t i = 0; i < seen; i++) {
    low[rare] = low[i];
    rare += order.bins[low[i] >> (CK_GRAM_BITS - order.bits)] == 0;
  }
  known->seen += seen;
  known->rare += rare;
  *bits = 64 - __builtin_clzll(end);
  return rare;
}

/// Sorts few different numbers of so many bits.
static void sort_low(uint64_t *low, size_t count, int bits, uint64_t *sorted) {
  uint32_t starts[65] = {0};
  for (size_t i = 0; i < count; i++) starts[(low[i] >> (bits - 6)) + 1]++;
  for (int i = 0; i < 64; i++) starts[i + 1] += starts[i];
  for (size_t i = 0; i < count; i++) sorted[starts[low[i] >> (bits - 6)]++] = low[i];
  insertion_sort(sorted, count);
}

static void fill_item(const ck_gram_set *set, size_t posted, ck_gram_order order, rarity *known, uint32_t *postings,
                      ck_gram_scratch scratch) {
  if (posted == 0) return;
  int bits = 0;
  // Most texts have enough rare grams, of which the lowest come first.
  size_t low = take_low(set, posted, order, known, scratch.grams, &bits);
  if (low >= posted && low <= LOW_GRAMS) {
    sort_low(scratch.grams, low, bits, scratch.table);
  } else {
    uint32_t sizes[257] = {0};
    for (uint32_t i = 0; i < set->size; i++) {
      uint64_t key = key_of(ck_gram_at(set, i), order);
      scratch.grams[i] = key;
      sizes[key >> 56]++;
    }
    take_first(scratch.grams, set->size, posted, sizes, scratch.table);
  }
  for (size_t i = 0; i < posted; i++) postings[i] = (uint32_t)(scratch.table[i] >> (CK_GRAM_BITS - 32));
}

enum { TILE = 256 };

typedef struct {
  ck_gram_prefixes prefixes;
  const uint32_t *items;
  size_t count;
  ck_gram_order order;
  const ck_gram_scratch *scratches;
} fill_job;

static void fill_tile(void *argument, size_t tile, int worker) {
  fill_job *job = argument;
  rarity known = {1, 1};
  size_t start = tile * TILE, end = start + TILE < job->count ? start + TILE : job->count;
  for (size_t place = start; place < end; place++) {
    uint32_t item = job->items[place];
    fill_item(job->prefixes.sets[item], job->prefixes.counts[item], job->order, &known,
              job->prefixes.postings + job->prefixes.starts[item], job->scratches[worker]);
  }
}

size_t ck_gram_prefixes_room(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, ck_ngram_similarity similarity) {
  // Sizes are the same again and again; 0 is what no size has.
  uint32_t lengths[1024] = {0};
  size_t start = 0;
  for (size_t place = 0; place < count; place++) {
    uint32_t item = items[place];
    size_t size = prefixes.heads[item].size;
    uint32_t length = size < 1024 ? lengths[size] : 0;
    if (length == 0) length = (uint32_t)ck_prefix_length(similarity, size);
    if (size < 1024) lengths[size] = length;
    prefixes.starts[item] = (uint32_t)start;
    prefixes.firsts[item] = length;
    prefixes.counts[item] = similarity.measure == CK_OVERLAP ? (uint32_t)size : length;
    start += prefixes.counts[item];
  }
  return start;
}

void ck_gram_prefixes_fill(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, ck_gram_order order, int threads,
                           const ck_gram_scratch *scratches) {
  fill_job job = {prefixes, items, count, order, scratches};
  size_t tiles = (count + TILE - 1) / TILE;
  ck_pool *pool = threads > 1 ? ck_pool_create(threads) : NULL;
  if (pool) {
    ck_pool_run(pool, tiles, fill_tile, &job);
    ck_pool_destroy(pool);
  } else {
    for (size_t tile = 0; tile < tiles; tile++) fill_tile(&job, tile, 0);
  }
}

/// Where a posting's two bits are.
static inline uint32_t cell_of(uint32_t posting, int bits) { return posting >> (32 - bits); }

static void count_postings(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, uint8_t *cells, int bits) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = prefixes.postings + prefixes.starts[items[i]];
    for (uint32_t p = 0; p < prefixes.counts[items[i]]; p++) {
      uint32_t place = cell_of(postings[p], bits);
      uint8_t *cell = &cells[place >> 2];
      int shift = (int)(place & 3) * 2;
      *cell += (uint8_t)(((*cell >> shift & 3) < 2) << shift);
    }
  }
}

void ck_gram_prefixes_keep(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, uint8_t *cells, int bits) {
  if (cells) count_postings(prefixes, items, count, cells, bits);
  uint32_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t *postings = prefixes.postings + prefixes.starts[items[i]];
    uint32_t start = kept, first = kept;
    for (uint32_t p = 0; p < prefixes.counts[items[i]]; p++) {
      uint32_t posting = postings[p], place = cells ? cell_of(posting, bits) : 0;
      // In place, of all items: what is written lies before what is read.
      prefixes.postings[kept] = posting;
      prefixes.places[kept] = (uint16_t)(p < 0xFFFF ? p : 0xFFFF);
      kept += !cells || (cells[place >> 2] >> (place & 3) * 2 & 3) > 1;
      first = p < prefixes.firsts[items[i]] ? kept : first;
    }
    prefixes.starts[items[i]] = start;
    prefixes.counts[items[i]] = kept - start;
    prefixes.firsts[items[i]] = first - start;
  }
}
