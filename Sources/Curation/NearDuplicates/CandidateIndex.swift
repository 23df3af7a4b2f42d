/// The sets looked for so far, in the form in which those alike to the next are found with the least work. Which form that
/// is changes no result: every candidate is compared exactly, and neither leaves out one that is alike.
enum CandidateIndex {
  case postings(PostingIndex)
  case signatures(SignatureIndex)

  /// Which form to take.
  enum Choice: Sendable { case cheapest, postings, signatures }

  init(_ lists: PostingLists, similarity: NGramSimilarity, items: [UInt32], choice: Choice) {
    let bound = similarity.bound
    let corpus = lists.prefixes.corpus
    // An entry of a list costs about as much as eight signatures in a row.
    // What shares most of a small set may differ from it in any number of bits: there signatures tell nothing.
    let isCheap =
      similarity.measure == .overlap || lists.visits < 1e8
      || 8 * lists.visits < SignatureIndex.visits(corpus, bound: bound, items: items)
    if choice != .signatures, isCheap || choice == .postings {
      self = .postings(PostingIndex(lists, bound: bound))
    } else {
      self = .signatures(SignatureIndex(corpus, bound: bound, items: items))
    }
  }

  func add(_ item: UInt32) {
    switch self {
    case .postings(let index): index.add(item)
    case .signatures(let index): index.add(item)
    }
  }

  /// The items added so far that may be alike to `item`, each once; valid until the next call.
  func candidates(for item: UInt32) -> UnsafeBufferPointer<UInt32> {
    switch self {
    case .postings(let index): index.candidates(for: item)
    case .signatures(let index): index.candidates(for: item)
    }
  }

  /// Brings near what an item soon after the given place will need.
  func prefetch(_ items: [UInt32], after place: Int) {
    guard case .postings(let index) = self, place + Self.ahead < items.count else { return }
    index.prefetch(items[place + Self.ahead])
  }

  /// A memory's answer takes shorter than so many items; what they need fits into the nearest cache.
  private static let ahead = 4
}
