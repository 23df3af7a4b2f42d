internal import CKernels

/// What is kept of the gram sets of all items: sizes, digests, signatures, and the grams that come first in the order.
///
/// The sets themselves are made again from the tokens for the few pairs that have to be compared: they would take eight
/// bytes a word.
struct GramSets: Sendable {
  let lists: TokenCorpus
  let longest: Int
  let sizes: Pages<UInt32>
  let digests: Pages<UInt64>
  let signatures: Pages<UInt64>
  private let starts: Pages<Int>
  private let posted: Pages<UInt32>
  private let firsts: Pages<UInt32>
  private let postings: Pages<UInt32>
  private let places: Pages<UInt16>

  /// - Parameter order: the order of grams; nil for one made of the lists themselves.
  init(_ lists: TokenCorpus, similarity: NGramSimilarity, threads: Int, order: GramOrder? = nil) {
    precondition(lists.count < UInt32.max, "more items than can be numbered")
    self.lists = lists
    longest = lists.longest(n: similarity.n)
    sizes = Pages(lists.count)
    digests = Pages(lists.count)
    signatures = Pages(4 * lists.count)
    let starts = Pages<Int>(lists.count + 1)
    posted = Pages(lists.count)
    firsts = Pages(lists.count)
    let longest = longest
    let scratches = (0..<max(1, threads)).map { _ in GramScratch(longest: longest) }
    let order = order ?? GramOrder(sampling: lists, n: similarity.n, scratch: scratches[0])
    for (part, first) in zip(lists.parts, lists.starts) {
      part.withKernel {
        ck_gram_starts($0, part.count, similarity.n, similarity.kernel, starts.base + first)
      }
    }
    self.starts = starts
    postings = Pages(starts[lists.count])
    places = Pages(starts[lists.count])
    for (part, first) in zip(lists.parts, lists.starts) {
      part.withKernel {
        ck_gram_sets_fill(
          $0, 0, part.count, similarity.n, similarity.kernel, order.kernel, kernel(from: first),
          Int32(scratches.count), scratches.map(\.kernel))
      }
    }
  }

  var count: Int { lists.count }
  /// Room for all postings, which may be more than there are.
  var room: Int { starts[count] }

  /// The arrays from an item on.
  func kernel(from first: Int = 0) -> ck_gram_sets {
    ck_gram_sets(
      sizes: sizes.base + first, digests: digests.base + first, signatures: signatures.base + 4 * first,
      starts: starts.base + first, posted: posted.base + first, firsts: firsts.base + first,
      postings: postings.base,
      places: places.base)
  }

  /// How many postings of some items there are, of those that are enough to find them from larger sets and in all.
  func postingCounts(of items: [UInt32]) -> (first: Int, all: Int) {
    items.reduce(into: (0, 0)) { counts, item in
      counts.0 += Int(firsts[item])
      counts.1 += Int(posted[item])
    }
  }

  /// Takes out the postings of grams that only one of the items has among its first.
  func prune(_ items: [UInt32]) {
    let bits = GramOrder.bits(for: 4 * room, atMost: 27)
    let counts = Pages<UInt8>(1 << (bits - 2))
    ck_postings_prune(kernel(), items, items.count, counts.base, Int32(bits))
  }
}
