// Sets of word n-grams: their hashes, what of them is compared first, and the search for pairs that are alike.
// All memory is the caller's; nothing here allocates but a pool of threads, without which the caller's thread does the work.
#pragma once
#include "ck_context.h"

/// Lists of token ids, one after the other: list i is ids[offsets[i]] up to ids[offsets[i + 1]].
typedef struct { const uint32_t *ids; const ptrdiff_t *offsets; } ck_token_lists;

/// How alike two sets are: common / union, 2 common / (a + b), common / min(a, b).
enum ck_measure { CK_JACCARD = 0, CK_DICE = 1, CK_OVERLAP = 2 };

/// Sets are alike when the measure, as a double, is at least the threshold (above 0, at most 1).
typedef struct { enum ck_measure measure; double threshold; } ck_ngram_similarity;

/// The measure of two sets of a and b elements, neither empty. The one definition: every filter is held to it.
static inline double ck_ngram_score(enum ck_measure measure, size_t common, size_t a, size_t b) {
  switch (measure) {
  case CK_JACCARD: return (double)common / (double)(a + b - common);
  case CK_DICE: return (double)(2 * common) / (double)(a + b);
  default: return (double)common / (double)(a < b ? a : b);
  }
}

/// The same in integers, for filters: `share` / 2^32 of the sum of the sizes, or of the smaller one, must be in common.
typedef struct { uint64_t share; int of_smaller; } ck_bound;

/// The bound of a similarity: a little low, by more than doubles are rounded.
static inline ck_bound ck_similarity_bound(ck_ngram_similarity similarity) {
  double t = similarity.threshold;
  double share = similarity.measure == CK_JACCARD ? t / (1 + t) : similarity.measure == CK_DICE ? t / 2 : t;
  return (ck_bound){(uint64_t)(share * 4294967296.0 * (1 - 1e-12)), similarity.measure == CK_OVERLAP};
}

/// How many elements sets of a and b, below 2^32, must share at least: a pair with fewer is not alike, one with as many may be.
static inline size_t ck_bound_required(ck_bound bound, size_t a, size_t b) {
  uint64_t product = bound.share * (bound.of_smaller ? (a < b ? a : b) : a + b);
  return (size_t)(product >> 32) + ((uint32_t)product != 0);
}

/// How many of a set's elements, the first in an order that all sets share, must be looked at so that no set alike to it is
/// missed: a - (least that it can have in common with such a set) + 1 (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant
/// 2007). With the overlap coefficient this is enough for sets that are not smaller.
size_t ck_prefix_length(ck_ngram_similarity similarity, size_t a);
/// How many must be posted: the same, but for the overlap coefficient all, as a small set may share one element with a large one.
size_t ck_posted_length(ck_ngram_similarity similarity, size_t a);

/// Grams of a list of `tokens` tokens: those of n tokens, or one of all tokens when there are fewer; 0 of an empty list.
static inline size_t ck_gram_count(size_t tokens, size_t n) { return tokens == 0 ? 0 : tokens < n ? 1 : tokens - n + 1; }

/// 64-bit hashes of a list's grams in their order, never 0; returns how many. For n up to 2 different grams of n tokens have
/// different hashes, but for one couple of grams of all.
size_t ck_gram_hashes(const uint32_t *tokens, size_t count, size_t n, uint64_t *hashes);

/// A thread's memory for lists of up to `longest` grams.
typedef struct {
  uint64_t *hashes, *keys; ///< (longest)
  uint64_t *table;         ///< (ck_gram_table_size(longest))
} ck_gram_scratch;

/// Slots of a hash table for `count` grams: a power of two.
size_t ck_gram_table_size(size_t count);

/// Which grams are looked at first: those whose bin, (2^bits) of them found by a hash's highest bits, is 0, by hash; then the
/// others, which are 128 to 255. Any bins give an order that is right; good ones put what is frequent last.
typedef struct { uint8_t *bins; int bits; } ck_gram_order;

/// Counts up to 255, (2^bits) of them found like bins, of the distinct grams of every `step`th list from `first` to `last`.
void ck_gram_order_count(ck_token_lists lists, size_t first, size_t last, size_t step, size_t n, uint8_t *counts, int bits,
                         ck_gram_scratch scratch);
/// Gives the same lists' grams that were counted more than once bins by their counts; where some share a place, the largest.
void ck_gram_order_fill(ck_token_lists lists, size_t first, size_t last, size_t step, size_t n, const uint8_t *counts,
                        int bits, ck_gram_order order, ck_gram_scratch scratch);

/// What is kept of each list's set.
typedef struct {
  uint32_t *sizes;         ///< (items) distinct grams
  uint64_t *digests;       ///< (items) the same for equal sets
  uint64_t *signatures;    ///< (items, 4) parity of the grams whose hashes fall on each of 256 bits
  const ptrdiff_t *starts; ///< (items + 1) where in `postings` there is room for an item's
  uint32_t *posted;        ///< (items) how many it has there
  uint32_t *firsts;        ///< (items) how many of these are enough to find it from every set of at least its size
  uint32_t *postings;      ///< highest 32 bits of the hashes of grams that come first in the shared order
  uint16_t *places;        ///< how many of the set's grams come before each for certain, at most 65,535
} ck_gram_sets;

/// starts (items + 1) for ck_gram_sets, the first being starts[0].
void ck_gram_starts(ck_token_lists lists, size_t items, size_t n, ck_ngram_similarity similarity, ptrdiff_t *starts);

/// Fills `sets` for the lists first ..< last on up to `threads` threads, each with a scratch of its own.
void ck_gram_sets_fill(ck_token_lists lists, size_t first, size_t last, size_t n, ck_ngram_similarity similarity,
                       ck_gram_order order, ck_gram_sets sets, int threads, const ck_gram_scratch *scratches);

/// A gram's postings are where its hash's highest bits say; others may share the place, which costs time only.
typedef struct {
  struct ck_gram_bucket { uint32_t start, end; } *buckets; ///< (2^bits)
  uint64_t *entries; ///< size, place of the gram in its set's order (16 bits each, cut off) and item (32 bits)
  int bits;
} ck_posting_index;

/// Counts in 2 bits, (2^bits) of them, zero at first, which grams are posted by more than one of `items` (count), and takes
/// the others out of the postings: they can match nothing.
void ck_postings_prune(ck_gram_sets sets, const uint32_t *items, size_t count, uint8_t *counts, int bits);
/// An index holds a part of every item's postings: those enough to find it from larger sets, or the rest, which only the
/// overlap coefficient has, or both.
enum ck_posting_part { CK_FIRST_POSTINGS = 0, CK_OTHER_POSTINGS = 1, CK_ALL_POSTINGS = 2 };

/// Gives every bucket (zero at first) room for the postings of the items.
void ck_postings_reserve(ck_posting_index index, ck_gram_sets sets, enum ck_posting_part part, const uint32_t *items,
                         size_t count);
/// How many entries are visited at most when every item is looked for and added, from the rooms of both parts' buckets.
double ck_postings_visits(ck_posting_index first, ck_posting_index other);
void ck_postings_append(ck_posting_index index, ck_gram_sets sets, enum ck_posting_part part, uint32_t item);
/// Brings near what `far` and then `near` will need of the index.
void ck_postings_prefetch(ck_posting_index index, ck_gram_sets sets, uint32_t near, uint32_t far);
/// The items in the indexes of both parts, of as many bits, that may be alike to `item`, each once, in no order; at least all
/// that are. stamps (items) are different from `stamp` at first. Returns how many; found has room for twice as many as there
/// are items, and one.
size_t ck_postings_candidates(ck_posting_index first, ck_posting_index other, ck_gram_sets sets, ck_bound bound, uint32_t item,
                              uint32_t *stamps, uint32_t stamp, uint32_t *found);

/// An index as it lies in a file, which may say anything.
typedef struct {
  const uint32_t *starts;     ///< (2^bits + 1) where each bucket's entries begin
  const uint64_t *entries;    ///< (postings) as in ck_posting_index
  const uint32_t *sizes;      ///< (items)
  const uint64_t *signatures; ///< (items, 4)
  size_t postings, items;
  int bits;
} ck_segment;

/// The items of a segment that may be alike to an item of `sets`, as ck_postings_candidates finds them; stamps are (items of
/// the segment), found has room for one more. SIZE_MAX when what the segment says cannot be.
size_t ck_segment_candidates(ck_segment segment, ck_gram_sets sets, ck_bound bound, uint32_t item, uint32_t *stamps,
                             uint32_t stamp, uint32_t *found);

/// Positions among `count` signatures, in blocks of 8 with word w of signature i at blocks[i / 8 * 32 + w * 8 + i % 8], that
/// differ from `signature` in at most `limit` bits. Returns how many, in ascending order; found has room for `count` and 8 more.
size_t ck_signature_scan(enum ck_isa isa, const uint64_t *blocks, size_t count, const uint64_t *signature, uint64_t limit,
                         uint32_t *found);
/// Whether this processor has the instruction set for ck_signature_scan.
int ck_signature_scan_has(enum ck_isa isa);

/// One set in a table, to count what others share with it.
typedef struct {
  uint64_t *hashes, *keys; ///< (longest), scratch
  uint64_t *table;         ///< (ck_gram_table_size(longest))
  uint32_t *rounds;        ///< (the same), zero at first
  size_t mask;
  uint32_t round;
} ck_gram_table;

/// Puts the grams of a list into the table in place of what is there.
void ck_gram_table_fill(ck_gram_table *table, const uint32_t *tokens, size_t count, size_t n);
/// How many different grams of a list are in the table.
size_t ck_gram_table_common(ck_gram_table *table, const uint32_t *tokens, size_t count, size_t n);

/// values (permutations) of a set by one permutation hashing with optimal densification (Shrivastava 2017): the smallest hash
/// in each of as many bins; empty bins borrow from bins that a hash of their number chooses.
void ck_minhash(const uint64_t *hashes, size_t count, size_t permutations, uint64_t *values);

/// Hashes that are searched for: (mask + 1) slots, 0 where empty, probed one after the other from a hash's lowest bits; and
/// the number that each stands for.
typedef struct { const uint64_t *slots; const uint32_t *numbers; size_t mask; } ck_gram_index;

/// Which of `count` hashes are in the index: their places, ascending, and numbers. Returns how many; there is room for all.
size_t ck_gram_find(ck_gram_index index, const uint64_t *hashes, size_t count, uint32_t *places, uint32_t *numbers);
