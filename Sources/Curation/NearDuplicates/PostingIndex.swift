internal import CKernels

/// Finds what may be alike by rare grams that two sets share.
final class PostingIndex {
  /// One part of the postings, in memory of their own.
  final class Part {
    let bits: Int
    let buckets: Pages<ck_gram_bucket>
    let entries: Pages<UInt64>

    init(postings: Int, bits: Int) {
      precondition(postings < UInt32.max, "more postings than can be numbered")
      self.bits = bits
      buckets = Pages(1 << bits)
      entries = Pages(postings)
    }

    var kernel: ck_posting_index {
      ck_posting_index(buckets: buckets.base, entries: entries.base, bits: Int32(bits))
    }
  }

  /// Holds the memory that `kernelSets` names.
  private let sets: GramSets
  private let kernelSets: ck_gram_sets
  private let bound: ck_bound
  let first: Part
  /// What the overlap coefficient needs besides.
  private let other: Part?
  private let kernel: ck_posting_index
  private let otherKernel: ck_posting_index
  private let stamps: Pages<UInt32>
  private let found: Pages<UInt32>
  private var stamp: UInt32 = 0
  /// An upper bound of the entries that are visited when every item is added and looked for.
  let visits: Double

  /// An empty index with room for `items`.
  init(_ sets: GramSets, bound: ck_bound, items: [UInt32]) {
    self.sets = sets
    kernelSets = sets.kernel()
    self.bound = bound
    let postings = sets.postingCounts(of: items)
    let bits = GramOrder.bits(for: postings.first * 3 / 5, atMost: 28)
    first = Part(postings: postings.first, bits: bits)
    kernel = first.kernel
    ck_postings_reserve(kernel, kernelSets, CK_FIRST_POSTINGS, items, items.count)
    if postings.all > postings.first {
      let other = Part(postings: postings.all - postings.first, bits: bits)
      ck_postings_reserve(other.kernel, kernelSets, CK_OTHER_POSTINGS, items, items.count)
      self.other = other
      otherKernel = other.kernel
    } else {
      other = nil
      otherKernel = ck_posting_index(buckets: nil, entries: nil, bits: Int32(bits))
    }
    stamps = Pages(sets.count)
    found = Pages(2 * sets.count + 1)
    visits = ck_postings_visits(kernel, otherKernel)
  }

  func add(_ item: UInt32) {
    ck_postings_append(kernel, kernelSets, CK_FIRST_POSTINGS, item)
    if other != nil { ck_postings_append(otherKernel, kernelSets, CK_OTHER_POSTINGS, item) }
  }

  /// The items added so far that may be alike to `item`, each once; valid until the next call.
  func candidates(for item: UInt32) -> UnsafeBufferPointer<UInt32> {
    stamp += 1
    let count = ck_postings_candidates(
      kernel, otherKernel, kernelSets, bound, item, stamps.base, stamp, found.base)
    return UnsafeBufferPointer(start: found.base, count: count)
  }

  /// Tells which items come soon and later.
  func prefetch(_ soon: UInt32, _ later: UInt32) { ck_postings_prefetch(kernel, kernelSets, soon, later) }
}
