internal import CKernels

/// Finds what may be alike by rare grams that two sets share.
final class PostingIndex {
  /// Holds the memory that `kernelSets` names.
  private let sets: GramSets
  private let kernelSets: ck_gram_sets
  private let bound: ck_bound
  /// Of the number of buckets.
  let bits: Int
  let buckets: Pages<ck_bucket>
  let entries: Pages<UInt64>
  private let stamps: Pages<UInt32>
  private let found: Pages<UInt32>
  private var stamp: UInt32 = 0
  private let kernel: ck_posting_index
  /// An upper bound of the entries that are visited when every item is added and looked for.
  let visits: Double

  /// An empty index with room for `items`, whose postings are `postings` in all.
  init(_ sets: GramSets, bound: ck_bound, items: [UInt32], postings: Int) {
    precondition(postings < UInt32.max, "more postings than can be numbered")
    self.sets = sets
    kernelSets = sets.kernel()
    self.bound = bound
    bits = GramOrder.bits(for: postings * 3 / 5, atMost: 28)
    buckets = Pages(1 << bits)
    entries = Pages(postings)
    stamps = Pages(sets.count)
    found = Pages(2 * sets.count + 1)
    kernel = ck_posting_index(buckets: buckets.base, entries: entries.base, bits: Int32(bits))
    visits = ck_postings_reserve(kernel, kernelSets, items, items.count) / 2
  }

  func add(_ item: UInt32) { ck_postings_append(kernel, kernelSets, item) }

  /// The items added so far that may be alike to `item`, each once; valid until the next call.
  func candidates(for item: UInt32) -> UnsafeBufferPointer<UInt32> {
    stamp += 1
    let count = ck_postings_candidates(
      kernel, kernelSets, bound, item, stamps.base, stamp, found.base)
    return UnsafeBufferPointer(start: found.base, count: count)
  }

  /// Tells which items come soon and later.
  func prefetch(_ soon: UInt32, _ later: UInt32) { ck_postings_prefetch(kernel, kernelSets, soon, later) }
}
