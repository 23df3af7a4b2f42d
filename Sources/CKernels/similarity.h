// What the files of the similarity engine share, and the table of functions each instruction set fills in.
#pragma once
#include "ck_similarity.h"
#include "pool.h"

/// Signatures are 1, 2, 4 ... 64 words; a narrower one is a wider one folded. All widths of a list lie in one array, the
/// width w from w - 1 on; checks are twice as wide, at least 4 words, and lie from their width - 4 on.
enum { CK_WIDEST = 64, CK_SIGNATURE_ROOM = 2 * CK_WIDEST - 1, CK_CHECK_ROOM = 4 * CK_WIDEST };

/// Queries of up to this many tokens have all their masks in memory at once.
enum { CK_STRIP_WORDS = 16, CK_STRIP = CK_STRIP_WORDS * 64 };

/// Where the tokens of queries are: bit i of row slots[token] is set when token i of the query is this one. Row 0 is empty.
typedef struct {
  uint32_t *slots; // (limit + 1); the last is 0 and stands for all greater ids
  uint32_t limit;
} ck_slots;

/// A batch of `lanes` queries, each in a lane of 16, 32 or 64 bits, or in `words` vectors of such of 64.
typedef struct {
  const void *table; // (slots, words, row of lanes)
  ck_slots slots;
  size_t words;
  const void *valid; // (words, lanes): bits of each query's tokens
  const void *least; // (lanes): an LCS of so many or more is reported
  void *sums;        // (lanes): where LCS are added up
} ck_batch;

typedef struct {
  const char *name;
  size_t bytes; // of a row of lanes
  /// Positions of the lists among `vectors` groups of eight whose signatures differ from `query` in at most `limit` bits.
  size_t (*scan)(const uint64_t *signatures, size_t vectors, size_t words, const uint64_t *query, uint64_t limit,
                 uint32_t *positions);
  /// Of `count` positions those whose checks differ in at most `limit` bits from the query's, in the same array.
  size_t (*near)(const uint64_t *query, const uint64_t *checks, size_t words, uint64_t limit, uint32_t *positions, size_t count);
  /// How many tokens two lists have in common at their start.
  size_t (*same)(const uint32_t *one, const uint32_t *other, size_t count);
  size_t (*same_end)(const uint32_t *one, const uint32_t *other, size_t count);
  /// LCS of `count` tokens and bits low ..< high of a query whose rows of masks are `stride` words.
  size_t (*lcs)(const uint64_t *masks, size_t stride, size_t low, size_t high, ck_slots slots, const uint32_t *tokens, size_t count);
  /// The same for one strip of a long query; carries (count) come from the strip before and are left for the next.
  size_t (*lcs_strip)(const uint64_t *masks, size_t words, ck_slots slots, const uint32_t *tokens, size_t count,
                      uint8_t *carries);
  /// LCS of a batch with `count` lists of `length`; positions and rows of lanes of those that reach `least`.
  size_t (*batch[4])(const ck_batch *batch, const uint32_t *tokens, size_t length, size_t count, uint32_t *positions, void *rows);
} ck_similarity_path;

extern const ck_similarity_path ck_similarity_portable, ck_similarity_avx2, ck_similarity_avx512;

/// Lanes of 16, 32 and 64 bits, and several words of 64.
enum ck_lane { CK_LANE_16, CK_LANE_32, CK_LANE_64, CK_LANE_WORDS };

typedef struct { uint32_t query, bucket, item; } ck_candidate;

/// One thread's scratch.
typedef struct {
  ck_slots slots;
  uint64_t *masks;             // (CK_STRIP + 1, CK_STRIP_WORDS)
  uint8_t *carries;
  size_t carry_room;
  ck_candidate *candidates, *sorted;
  size_t candidate_count;
  void *unit; // of a search
  ck_pending *pending;
  size_t pending_count, pending_room;
  void *table, *rows;          // of a batch
  size_t table_bytes;
  int failed;
} ck_worker;

struct ck_similarity {
  const ck_similarity_path *path;
  ck_pool *pool;
  ck_worker *workers;
  ck_pending *pending;
  size_t pending_count, pending_room;
};

static inline size_t ck_smaller(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t ck_list_length(const ck_queries *queries, size_t query) {
  return (size_t)(queries->offsets[query + 1] - queries->offsets[query]);
}
static inline const uint32_t *ck_list(const ck_queries *queries, size_t query) {
  return queries->tokens + queries->offsets[query];
}

/// CK_NOBODY for a list that is passed over.
static inline uint32_t ck_number(const ck_bucket *bucket, size_t item) {
  return bucket->numbers[item] < bucket->end ? bucket->first + bucket->numbers[item] : CK_NOBODY;
}

/// Grows an array to hold `needed` elements; what it held stays. -1 without memory.
int ck_room(void **array, size_t *room, size_t needed, size_t element);
/// Makes room for slots of the queries' tokens in every worker, and for masks.
int ck_similarity_prepare(ck_similarity *similarity, const ck_queries *queries);
/// Signatures of all widths up to that of `widest` words, (CK_SIGNATURE_ROOM) and (CK_CHECK_ROOM).
void ck_sign(const uint32_t *tokens, size_t count, size_t widest, uint64_t *signatures, uint64_t *checks);
static inline size_t ck_check_words_of(size_t words) { return words <= 2 ? 4 : 2 * words; }

/// LCS of a query that was set up with ck_lcs_begin and a list.
void ck_lcs_begin(ck_worker *worker, const uint32_t *query, size_t length);
size_t ck_lcs(ck_worker *worker, const ck_similarity_path *path, const uint32_t *query, size_t length, const uint32_t *tokens,
              size_t count);
void ck_lcs_end(ck_worker *worker, const uint32_t *query, size_t length);
