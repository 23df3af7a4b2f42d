// Sets of word n-grams: their hashes, what of them is compared first, and the search for pairs that are alike.
// All memory is the caller's; nothing here allocates but a pool of threads, without which the caller's thread does the work.
#pragma once
#include "ck_context.h"

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

/// Grams of a list of `tokens` tokens: those of n tokens, or one of all tokens when there are fewer; 0 of an empty list.
static inline size_t ck_gram_count(size_t tokens, size_t n) { return tokens == 0 ? 0 : tokens < n ? 1 : tokens - n + 1; }

/// 64-bit hashes of the grams of a list of numbers of tokens, in their order, never 0; returns how many. For n up to 2 different grams of n tokens have
/// different hashes, but for one couple of grams of all.
size_t ck_gram_hashes(const uint32_t *tokens, size_t count, size_t n, uint64_t *hashes);

/// A word's hash, which follows from its bytes alone, on every machine. Different words of up to eight bytes have different
/// hashes; longer ones do as far as anybody can see.
uint64_t ck_word_hash(const uint8_t *bytes, size_t count);

/// Bytes that can be read behind a text, whatever they are.
enum { CK_TEXT_PADDING = 64 };
/// Hashes of a text's words, the runs of ASCII letters and digits in lower case, in their order. Returns how many; `words` has
/// room for (count + 1) / 2. The text has less than 2^31 bytes. `is_wide` becomes whether any of them is above 0x7F.
size_t ck_ascii_words(enum ck_isa isa, const uint8_t *text, size_t count, uint64_t *words, int *is_wide);
/// Whether this processor has the instruction set for ck_ascii_words.
int ck_ascii_words_has(enum ck_isa isa);

/// A gram is a number of 48 bits, never 0: the highest of a polynomial of its words' hashes.
enum { CK_GRAM_BITS = 48, CK_GRAM_BYTES = 6 };

/// The grams of a list of words' hashes in their order; returns how many.
size_t ck_word_grams(const uint64_t *words, size_t count, size_t n, uint64_t *grams);

/// A thread's memory for sets of up to `longest` grams.
typedef struct {
  uint64_t *grams; ///< (longest)
  uint64_t *table; ///< (ck_gram_table_size(longest))
} ck_gram_scratch;

/// Slots of a hash table for `count` grams: a power of two.
size_t ck_gram_table_size(size_t count);

/// The set of a text's grams, at a multiple of 8: little-endian, as it lies in a file. The grams follow, CK_GRAM_BYTES each, in no
/// order.
typedef struct {
  uint64_t digest;       ///< the same for equal sets
  uint64_t signature[4]; ///< parity of the grams whose lowest 8 bits say each of 256
  uint32_t size;         ///< grams
  uint32_t reserved;     ///< 0
} ck_gram_set;

/// Bytes of a set of so many grams, a multiple of 8.
size_t ck_gram_set_bytes(size_t grams);
/// Makes the set of a list of words' hashes; there is room for it with as many grams as the list has, none equal. Returns its
/// bytes.
size_t ck_gram_set_make(const uint64_t *words, size_t count, size_t n, ck_gram_scratch scratch, ck_gram_set *set);
/// Whether a set is what its digest and its signature say.
int ck_gram_set_is_whole(const ck_gram_set *set, ck_gram_scratch scratch);

static inline uint64_t ck_gram_at(const ck_gram_set *set, size_t place) {
  uint64_t word;
  __builtin_memcpy(&word, (const uint8_t *)(set + 1) + CK_GRAM_BYTES * place, sizeof word);
  return word & (((uint64_t)1 << CK_GRAM_BITS) - 1);
}

/// Which grams are looked at first: those whose bin, (2^bits) of them found by a gram's highest bits, is 0, by gram; then the
/// others, which are 128 to 255. Any bins give an order that is right; good ones put what is frequent last.
typedef struct { uint8_t *bins; int bits; } ck_gram_order;

/// Counts up to 255, (2^bits) of them found like bins, of the grams of every `step`th set.
void ck_gram_order_count(const ck_gram_set *const *sets, size_t count, size_t step, uint8_t *counts, int bits);
/// Gives the same sets' grams that were counted more than once bins by their counts; where some share a place, the largest.
void ck_gram_order_fill(const ck_gram_set *const *sets, size_t count, size_t step, const uint8_t *counts, int bits,
                        ck_gram_order order);

/// Of some items' sets the grams that come first in the shared order.
typedef struct {
  const ck_gram_set *const *sets; ///< (items)
  const ck_gram_set *heads; ///< (items) the same without their grams, beside each other
  uint32_t *starts;   ///< (items) where in `postings` an item's begin
  uint32_t *counts;   ///< (items) how many it has there
  uint32_t *firsts;   ///< (items) how many of these are enough to find it from every set of at least its size
  uint32_t *postings; ///< the highest 32 bits of grams, in the order
  uint16_t *places;   ///< how many of the set's grams come before each, at most 65,535
} ck_gram_prefixes;

/// Gives `count` of the items room among the postings, one after the other; returns how much they take together. An item's
/// are as many as ck_prefix_length says, with the overlap coefficient all: a small set may share one gram with a large one.
size_t ck_gram_prefixes_room(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, ck_ngram_similarity similarity);
/// Fills the postings of these items on up to `threads` threads, each with a scratch of its own; the places are not.
void ck_gram_prefixes_fill(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, ck_gram_order order, int threads,
                           const ck_gram_scratch *scratches);
/// Leaves of the postings, in place, and in the order of `items` in which they got their room, those that some other may have,
/// and fills their places. `cells`, in 2 bits, (2^bits) of them, zero at first, count how many of the items post a gram:
/// what one alone has can match nothing. Without cells everything stays.
void ck_gram_prefixes_keep(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, uint8_t *cells, int bits);

/// An index holds a part of every item's postings: those enough to find it from larger sets, or the rest, which only the
/// overlap coefficient has.
enum ck_posting_part { CK_FIRST_POSTINGS = 0, CK_OTHER_POSTINGS = 1 };

/// Postings by their grams. A list is where a gram's highest bits say; other grams may share it, which costs time only.
typedef struct {
  const uint32_t *lists; ///< like `postings` of the prefixes: where in `entries` each one's list is
  uint64_t *entries; ///< of each list how many there are, then they: size, place of the gram in its set's order (16 bits
                     ///< each, cut off) and item (32 bits)
} ck_posting_lists;

/// Finds for the postings of a part of the items where each list begins, 0 for one that stays empty: begins (2^bits + 1) are
/// zero at first. Returns how many entries there have to be, which are zero at first, too.
size_t ck_posting_lists_begin(ck_gram_prefixes prefixes, enum ck_posting_part part, const uint32_t *items, size_t count,
                              uint32_t *begins, int bits);
/// How many entries are visited at most when every item is looked for and added, from where the lists of both parts begin.
double ck_posting_lists_visits(const uint32_t *first, const uint32_t *other, int bits);
/// Fills `lists`, which may be the postings themselves.
void ck_posting_lists_place(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, const uint32_t *begins, int bits,
                            uint32_t *lists);
void ck_posting_lists_append(ck_posting_lists index, ck_gram_prefixes prefixes, enum ck_posting_part part, uint32_t item);
/// Brings near what an item will need.
void ck_posting_lists_prefetch(ck_posting_lists index, ck_gram_prefixes prefixes, uint32_t item);
/// The items in the indexes of both parts that may be alike to `item`, each once, in no order; at least all that are. stamps
/// (items) are different from `stamp` at first. Returns how many; found has room for twice as many as there are items, and
/// one.
size_t ck_posting_lists_candidates(ck_posting_lists first, ck_posting_lists other, ck_gram_prefixes prefixes, ck_bound bound,
                                   uint32_t item, uint32_t *stamps, uint32_t stamp, uint32_t *found);

/// Makes of the items' postings what a segment has: starts (2^bits + 1), zero at first, and entries (postings).
void ck_segment_fill(ck_gram_prefixes prefixes, const uint32_t *items, size_t count, uint32_t *starts, uint64_t *entries,
                     int bits);

/// An index as it lies in a file, which may say anything.
typedef struct {
  const uint32_t *starts;  ///< (2^bits + 1) where each bucket's entries begin
  const uint64_t *entries; ///< (postings) as in ck_posting_lists
  const uint64_t *places;  ///< (items) where in `sets` each one's is
  const uint8_t *sets;     ///< (bytes) ck_gram_set, at a multiple of 8
  size_t postings, items, bytes;
  int bits;
} ck_segment;

/// The set of an item; NULL when what the segment says cannot be.
const ck_gram_set *ck_segment_set(ck_segment segment, size_t item);
/// The items of a segment that may be alike to an item with prefixes, as ck_posting_lists_candidates finds them; stamps are (items of
/// the segment), found has room for one more. SIZE_MAX when what the segment says cannot be.
size_t ck_segment_candidates(ck_segment segment, ck_gram_prefixes prefixes, ck_bound bound, uint32_t item, uint32_t *stamps,
                             uint32_t stamp, uint32_t *found);

/// Positions among `count` signatures, in blocks of 8 with word w of signature i at blocks[i / 8 * 32 + w * 8 + i % 8], that
/// differ from `signature` in at most `limit` bits. Returns how many, in ascending order; found has room for `count` and 8 more.
size_t ck_signature_scan(enum ck_isa isa, const uint64_t *blocks, size_t count, const uint64_t *signature, uint64_t limit,
                         uint32_t *found);
/// Whether this processor has the instruction set for ck_signature_scan.
int ck_signature_scan_has(enum ck_isa isa);

/// One set in a table, to count what others share with it.
typedef struct {
  uint64_t *slots; ///< (ck_gram_table_size(grams of the largest set that is put there))
  size_t mask;
} ck_gram_table;

/// Puts a set into the table in place of what is there.
void ck_gram_table_fill(ck_gram_table *table, const ck_gram_set *set);
/// How many grams of a set are in the table.
size_t ck_gram_table_common(const ck_gram_table *table, const ck_gram_set *set);

/// values (permutations) of a set by one permutation hashing with optimal densification (Shrivastava 2017): the smallest hash
/// in each of as many bins; empty bins borrow from bins that a hash of their number chooses.
void ck_minhash(const uint64_t *hashes, size_t count, size_t permutations, uint64_t *values);

/// Hashes that are searched for: (mask + 1) slots, 0 where empty, probed one after the other from a hash's lowest bits; and
/// the number that each stands for.
typedef struct { const uint64_t *slots; const uint32_t *numbers; size_t mask; } ck_gram_index;

/// Which of `count` hashes are in the index: their places, ascending, and numbers. Returns how many; there is room for all.
size_t ck_gram_find(ck_gram_index index, const uint64_t *hashes, size_t count, uint32_t *places, uint32_t *numbers);
