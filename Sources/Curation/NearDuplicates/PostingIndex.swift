internal import CKernels

/// Finds what may be alike by rare grams that two sets share.
final class PostingIndex {
  /// Holds the memory that the kernels name.
  private let lists: PostingLists
  private let entries: (first: Pages<UInt64>, other: Pages<UInt64>?)
  private let prefixes: ck_gram_prefixes
  private let bound: ck_bound
  private let first: ck_posting_lists
  private let other: ck_posting_lists
  private let stamps: Pages<UInt32>
  private let found: Pages<UInt32>
  private var stamp: UInt32 = 0

  /// An empty index.
  init(_ lists: PostingLists, bound: ck_bound) {
    self.lists = lists
    self.bound = bound
    prefixes = lists.prefixes.kernel
    entries = (Pages(lists.first.entries), lists.other.map { Pages($0.entries) })
    first = ck_posting_lists(lists: lists.first.lists.base, entries: entries.first.base)
    other = ck_posting_lists(lists: lists.other?.lists.base, entries: entries.other?.base)
    stamps = Pages(lists.prefixes.corpus.count)
    found = Pages(2 * lists.prefixes.corpus.count + 1)
  }

  func add(_ item: UInt32) {
    ck_posting_lists_append(first, prefixes, CK_FIRST_POSTINGS, item)
    if entries.other != nil { ck_posting_lists_append(other, prefixes, CK_OTHER_POSTINGS, item) }
  }

  /// The items added so far that may be alike to `item`, each once; valid until the next call.
  func candidates(for item: UInt32) -> UnsafeBufferPointer<UInt32> {
    stamp += 1
    let count = ck_posting_lists_candidates(
      first, other, prefixes, bound, item, stamps.base, stamp, found.base)
    return UnsafeBufferPointer(start: found.base, count: count)
  }

  /// Tells which item comes soon.
  func prefetch(_ item: UInt32) { ck_posting_lists_prefetch(first, prefixes, item) }
}
