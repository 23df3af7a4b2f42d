// From token lists to what is kept of their sets: size, digest, signature, and the rarest grams.
#include "ngrams.h"
#include "pool.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

size_t ck_posted_length(ck_ngram_similarity similarity, size_t a) {
  return similarity.measure == CK_OVERLAP ? a : ck_prefix_length(similarity, a);
}

void ck_gram_starts(ck_token_lists lists, size_t items, size_t n, ck_ngram_similarity similarity, ptrdiff_t *starts) {
  for (size_t i = 0; i < items; i++) {
    size_t tokens = (size_t)(lists.offsets[i + 1] - lists.offsets[i]);
    // Fewer distinct grams never have a longer prefix.
    starts[i + 1] = starts[i] + (ptrdiff_t)ck_posted_length(similarity, ck_gram_count(tokens, n));
  }
}

void ck_gram_order_count(ck_token_lists lists, size_t first, size_t last, size_t step, size_t n, uint8_t *counts, int bits,
                         ck_gram_scratch scratch) {
  for (size_t item = first; item < last; item += step) {
    ptrdiff_t start = lists.offsets[item];
    size_t grams = ck_gram_hashes(lists.ids + start, (size_t)(lists.offsets[item + 1] - start), n, scratch.hashes);
    size_t count = ck_distinct(scratch.hashes, grams, scratch.table, scratch.keys);
    for (size_t i = 0; i < count; i++) {
      uint8_t *cell = &counts[scratch.keys[i] >> (64 - bits)];
      *cell += *cell < 255;
    }
  }
}

void ck_gram_order_fill(ck_token_lists lists, size_t first, size_t last, size_t step, size_t n, const uint8_t *counts,
                        int bits, ck_gram_order order, ck_gram_scratch scratch) {
  for (size_t item = first; item < last; item += step) {
    ptrdiff_t start = lists.offsets[item];
    size_t grams = ck_gram_hashes(lists.ids + start, (size_t)(lists.offsets[item + 1] - start), n, scratch.hashes);
    for (size_t i = 0; i < grams; i++) {
      unsigned count = counts[scratch.hashes[i] >> (64 - bits)];
      uint8_t bin = (uint8_t)(count < 2 ? 0 : count < 129 ? 126 + count : 255);
      uint8_t *cell = &order.bins[scratch.hashes[i] >> (64 - order.bits)];
      *cell = *cell < bin ? bin : *cell;
    }
  }
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

/// Keys come in 256 bins by their highest byte: 128 for what is not frequent, by hash, and one for each count above.
static inline uint64_t key_of(uint64_t hash, ck_gram_order order) {
  uint64_t bin = order.bins[hash >> (64 - order.bits)];
  return (bin | (hash >> 57 & ((bin >> 7) - 1))) << 56 | hash >> 8;
}

/// The `first` smallest of `count` keys, bin after bin, to `postings`, with how many of all keys are in earlier bins to
/// `places`. Within a bin they are in no order: whoever shares one of a bin's grams may share all of them, which a place
/// as low as the bin's allows for. `sizes` counts the keys of each bin.
static void take_first(const uint64_t *keys, size_t count, size_t first, uint32_t *sizes, uint64_t *sorted,
                       uint32_t *postings, uint16_t *places) {
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
  // Of the last bin, those that are first in the order that all sets share.
  if (start + size > first) sort_first(sorted + start, size, first - start);
  size_t place = 0;
  for (size_t i = 0; i < first; i++) {
    place = i > 0 && sorted[i] >> 56 == sorted[i - 1] >> 56 ? place : i;
    postings[i] = (uint32_t)(sorted[i] >> 24);
    places[i] = (uint16_t)(place < 0xFFFF ? place : 0xFFFF);
  }
}

typedef void (*parity_of)(const uint64_t *hashes, size_t count, uint64_t *signature);

static void parity_portable(const uint64_t *hashes, size_t count, uint64_t *signature) {
  uint64_t words[4] = {0};
  for (size_t i = 0; i < count; i++) words[hashes[i] >> 6 & 3] ^= (uint64_t)1 << (hashes[i] & 63);
  memcpy(signature, words, sizeof words);
}

#if defined(__x86_64__)
/// A shift by 64 and more, or by less than none, leaves nothing: the bit falls into one of the four words.
__attribute__((target("avx2"))) static void parity_avx2(const uint64_t *hashes, size_t count, uint64_t *signature) {
  __m256i words = _mm256_setzero_si256(), one = _mm256_set1_epi64x(1), firsts = _mm256_set_epi64x(192, 128, 64, 0);
  for (size_t i = 0; i < count; i++) {
    __m256i shift = _mm256_sub_epi64(_mm256_set1_epi64x((long long)(hashes[i] & 255)), firsts);
    words = _mm256_xor_si256(words, _mm256_sllv_epi64(one, shift));
  }
  _mm256_storeu_si256((__m256i *)signature, words);
}
#endif

static parity_of choose_parity(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return parity_avx2;
#endif
  return parity_portable;
}

static void fill_item(ck_token_lists lists, size_t item, size_t n, ck_ngram_similarity similarity, ck_gram_order order,
                      ck_gram_sets sets, parity_of parity, ck_gram_scratch scratch) {
  ptrdiff_t start = lists.offsets[item];
  size_t grams = ck_gram_hashes(lists.ids + start, (size_t)(lists.offsets[item + 1] - start), n, scratch.hashes);
  size_t count = ck_distinct(scratch.hashes, grams, scratch.table, scratch.keys);
  parity(scratch.keys, count, sets.signatures + 4 * item);
  uint64_t digest = 0;
  uint32_t sizes[257] = {0};
  for (size_t i = 0; i < count; i++) {
    uint64_t hash = scratch.keys[i];
    digest += hash;
    uint64_t key = key_of(hash, order);
    scratch.keys[i] = key;
    sizes[key >> 56]++;
  }
  sets.sizes[item] = (uint32_t)count;
  sets.digests[item] = digest;
  size_t posted = ck_posted_length(similarity, count), first = ck_prefix_length(similarity, count);
  uint16_t *places = sets.places + sets.starts[item];
  if (posted > 0) take_first(scratch.keys, count, posted, sizes, scratch.hashes, sets.postings + sets.starts[item], places);
  // Which of a bin's grams come first is not known: all of them count as first when one does.
  while (first < posted && places[first] < first && places[first] == places[first - 1]) first++;
  sets.posted[item] = (uint32_t)posted;
  sets.firsts[item] = (uint32_t)first;
}

enum { TILE = 256 };

typedef struct {
  ck_token_lists lists;
  size_t first, last, n;
  ck_ngram_similarity similarity;
  ck_gram_order order;
  ck_gram_sets sets;
  parity_of parity;
  const ck_gram_scratch *scratches;
} fill_job;

static void fill_tile(void *argument, size_t tile, int worker) {
  fill_job *job = argument;
  size_t start = job->first + tile * TILE, end = start + TILE < job->last ? start + TILE : job->last;
  for (size_t item = start; item < end; item++)
    fill_item(job->lists, item, job->n, job->similarity, job->order, job->sets, job->parity, job->scratches[worker]);
}

void ck_gram_sets_fill(ck_token_lists lists, size_t first, size_t last, size_t n, ck_ngram_similarity similarity,
                       ck_gram_order order, ck_gram_sets sets, int threads, const ck_gram_scratch *scratches) {
  fill_job job = {lists, first, last, n, similarity, order, sets, choose_parity(), scratches};
  size_t tiles = (last - first + TILE - 1) / TILE;
  ck_pool *pool = threads > 1 ? ck_pool_create(threads) : NULL;
  if (pool) {
    ck_pool_run(pool, tiles, fill_tile, &job);
    ck_pool_destroy(pool);
  } else {
    for (size_t tile = 0; tile < tiles; tile++) fill_tile(&job, tile, 0);
  }
}
