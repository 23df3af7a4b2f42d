internal import CKernels

/// Of some items' sets the grams that come first in the order: those by which they are found.
struct GramPrefixes: Sendable {
  let corpus: GramCorpus
  private let starts: Pages<UInt32>
  private let counts: Pages<UInt32>
  private let firsts: Pages<UInt32>
  let postings: Pages<UInt32>
  private let places: Pages<UInt16>

  /// - Parameters:
  ///   - items: whose grams; ascending.
  ///   - order: the order of grams.
  ///   - prunes: whether to leave out what one of the items alone has among its first, which matches none of the others.
  init(
    _ corpus: GramCorpus, items: [UInt32], similarity: NGramSimilarity, order: GramOrder, threads: Int,
    prunes: Bool
  ) {
    self.corpus = corpus
    starts = Pages(corpus.count)
    counts = Pages(corpus.count)
    firsts = Pages(corpus.count)
    let (starts, counts, firsts) = (starts, counts, firsts)
    func kernel(_ postings: Pages<UInt32>?, _ places: Pages<UInt16>?) -> ck_gram_prefixes {
      ck_gram_prefixes(
        sets: corpus.kernel, heads: corpus.heads, starts: starts.base, counts: counts.base,
        firsts: firsts.base,
        postings: postings?.base, places: places?.base)
    }
    let room = ck_gram_prefixes_room(kernel(nil, nil), items, items.count, similarity.kernel)
    precondition(room < UInt32.max, "more postings than can be numbered")
    postings = Pages(room)
    // Only what is kept is touched.
    places = Pages(room)
    let filled = kernel(postings, places)
    let scratches = (0..<max(1, threads)).map { _ in GramScratch(longest: corpus.longest) }
    withExtendedLifetime(scratches) {
      ck_gram_prefixes_fill(
        filled, items, items.count, order.kernel, Int32(scratches.count), scratches.map(\.kernel))
    }
    guard prunes else {
      ck_gram_prefixes_keep(filled, items, items.count, nil, 0)
      return
    }
    let bits = GramOrder.bits(for: 4 * room, atMost: 27)
    let cells = Pages<UInt8>(1 << (bits - 2))
    ck_gram_prefixes_keep(filled, items, items.count, cells.base, Int32(bits))
  }

  /// Valid for as long as this lives.
  var kernel: ck_gram_prefixes {
    ck_gram_prefixes(
      sets: corpus.kernel, heads: corpus.heads, starts: starts.base, counts: counts.base, firsts: firsts.base,
      postings: postings.base, places: places.base)
  }

  /// How many postings of some items there are, of those that are enough to find them from larger sets and in all.
  func postingCounts(of items: [UInt32]) -> (first: Int, all: Int) {
    var (first, all) = (0, 0)
    for item in items {
      first += Int(firsts[item])
      all += Int(counts[item])
    }
    return (first, all)
  }
}
