// ROUGE-L between lists of token ids: the F-measure of their longest common subsequence (LCS), exactly as the Python package
// rouge-score 0.1.2 calculates it. Results depend neither on the instruction set nor on the number of threads.
#pragma once
#include "ck_context.h"

/// F = 2 p r / (p + r) in doubles, p = lcs / prediction and r = lcs / target; 0 for an lcs of 0. Peers call
/// score(target: the new instruction, prediction: an older one). F is the same in either order: doubling is exact, and
/// products and sums of two doubles commute.
double ck_rouge_l(size_t lcs, size_t target, size_t prediction);
/// The smallest lcs whose F reaches `bound`; more than the shorter length when none does. F grows with the lcs.
size_t ck_rouge_l_least(double bound, size_t target, size_t prediction);

/// Lists of one length with signatures: bit h(token) of a signature tells whether an odd number of tokens has that h. Bits
/// that differ between two lists are at most as many as tokens without a partner, so at most m + n - 2 LCS.
typedef struct {
  size_t length, count;
  const uint64_t *signatures; // (ceil(count / 8), ck_signature_words(length), 8): words of eight lists side by side
  const uint64_t *checks;     // (count, ck_check_words(length)): by another h
  const uint32_t *tokens;     // (count, length)
  const uint32_t *numbers;    // (count), ascending
  const uint32_t *groups;     // (count)
  uint32_t first;             // what is added to `numbers`
  uint32_t end;               // a list whose number is `end` or more is passed over: bytes of a file are not trusted
} ck_bucket;

/// Changes whenever signatures do.
enum { CK_SIGNATURE_VERSION = 1, CK_SIGNATURE_LANES = 8 };
size_t ck_signature_words(size_t length);
size_t ck_check_words(size_t length);

/// A growing set of lists in buckets.
typedef struct ck_token_pool ck_token_pool;
ck_token_pool *ck_token_pool_create(void);
void ck_token_pool_destroy(ck_token_pool *pool);
/// Adds a list; numbers ascend. Returns -1 without memory.
int ck_token_pool_append(ck_token_pool *pool, const uint32_t *tokens, size_t length, uint32_t number, uint32_t group);
/// Removes each list numbered `first` or more for which kept[number - first] is 0.
void ck_token_pool_retain(ck_token_pool *pool, uint32_t first, const uint8_t *kept);
/// The buckets, the shortest first; valid until the pool changes.
const ck_bucket *ck_token_pool_buckets(const ck_token_pool *pool, size_t *count);

/// Lists that are compared with those of buckets, when their groups are equal.
typedef struct {
  size_t count;
  const uint32_t *tokens;
  const ptrdiff_t *offsets; // (count + 1), into `tokens`
  const uint32_t *groups;   // (count)
  uint32_t first;           // the number of the first; the others follow
  uint32_t settled;         // lists numbered below are compared with every query, others with those of larger numbers only
} ck_queries;

/// No list.
#define CK_NOBODY UINT32_MAX
typedef struct { double score; uint32_t number; } ck_match;
/// A query, by its place, and a list numbered `settled` or more.
typedef struct { uint32_t query; ck_match match; } ck_pending;

/// Threads and scratch memory, which grows with the largest token id of the queries. One caller at a time.
typedef struct ck_similarity ck_similarity;
/// NULL when the instruction set is missing here or memory or threads cannot be had. CK_AVX512 needs VPOPCNTDQ and BITALG.
ck_similarity *ck_similarity_create(int threads, enum ck_isa isa);
void ck_similarity_destroy(ck_similarity *similarity);
const char *ck_similarity_isa_name(const ck_similarity *similarity);

/// best (count): of the settled lists, other than itself, whose F is above `threshold`, the one with the highest F, of those
/// the smallest number. Lists that are not settled and at least as good are left pending. Returns -1 without memory.
int ck_similarity_search(ck_similarity *similarity, const ck_bucket *buckets, size_t bucket_count, ck_queries queries,
                         double threshold, ck_match *best);
/// What the last search left pending, by query.
const ck_pending *ck_similarity_pending(const ck_similarity *similarity, size_t *count);

/// All scores: totals (count) their sum, compared (count) how many, nearest (count, places) the highest, the best first.
/// Buckets are ordered by length. Each may be asked for or NULL; without totals, what cannot be among the nearest is skipped.
int ck_similarity_rows(ck_similarity *similarity, const ck_bucket *buckets, size_t bucket_count, ck_queries queries,
                       size_t places, ck_match *nearest, double *totals, uint64_t *compared);
