internal import CKernels

/// An index of items, in segments, that new items are compared with at a cost that follows the new ones.
///
/// Adding items is: find what is alike to them with ``links(to:threads:)`` and, among themselves, with ``NGramJoin``; write
/// ``NGramSegment/encode(_:ids:parameters:order:threads:)`` beside the others; merge what
/// ``NGramSegment/segmentsToMerge(_:)`` names. The links are those that one join of everything would find.
public struct NGramIndex: Sendable {
  /// A new item and one of the index that are alike.
  public struct Link: Hashable, Sendable {
    /// The new item's place.
    public let item: Int
    /// The other's number: places go on from one segment to the next.
    public let other: Int
    /// How alike the two are.
    public let score: Double
  }

  /// What all segments were made with.
  public let parameters: NGramIndexParameters
  private let order: NGramIndexOrder
  private let segments: [NGramSegment]

  /// An index of segments that were opened with these parameters and this order.
  public init(_ segments: [NGramSegment], parameters: NGramIndexParameters, order: NGramIndexOrder) {
    precondition(order.n == parameters.similarity.n, "an order of grams of another length")
    self.segments = segments
    self.parameters = parameters
    self.order = order
  }

  /// How many items there are.
  public var count: Int { segments.reduce(0) { $0 + $1.count } }

  /// All pairs of a new item and one of the index that are alike, sorted by both.
  ///
  /// - Throws: ``NGramIndexError/damaged(offset:reason:)``.
  public func links(to lists: TokenLists, threads: Int = 1) throws(NGramIndexError) -> [Link] {
    let corpus = TokenCorpus([lists])
    let similarity = parameters.similarity
    let sets = GramSets(corpus, similarity: similarity, threads: threads, order: order.order)
    let found: Result<[Link], NGramIndexError> = corpus.withKernels { kernels in
      Result { () throws(NGramIndexError) in
        let comparer = GramComparer(
          kernels, starts: corpus.starts, n: similarity.n, longest: sets.longest)
        var links: [Link] = []
        var first = 0
        for segment in segments {
          try search(segment, for: sets, comparer) { item, other, score in
            links.append(Link(item: item, other: first + other, score: score))
          }
          first += segment.count
        }
        return links
      }
    }
    return try found.get().sorted { ($0.item, $0.other) < ($1.item, $1.other) }
  }

  private func search(
    _ segment: NGramSegment, for sets: GramSets, _ comparer: GramComparer, _ body: (Int, Int, Double) -> Void
  ) throws(NGramIndexError) {
    let stamps = Pages<UInt32>(segment.count)
    let found = Pages<UInt32>(segment.count + 1)
    let similarity = parameters.similarity
    for item in 0..<sets.count where sets.sizes[item] > 0 {
      let count = ck_segment_candidates(
        segment.kernel, sets.kernel(), similarity.bound, UInt32(item), stamps.base, UInt32(item) + 1,
        found.base)
      guard (0...segment.count).contains(count) else {  // SIZE_MAX comes as -1
        throw .damaged(offset: 0, reason: "postings of items that there are not")
      }
      for place in 0..<count {
        let other = Int(found[place])
        let common = comparer.common(item, with: try segment.words(of: other))
        let score = similarity.score(common: common, Int(sets.sizes[item]), segment.size(of: other))
        if score >= similarity.threshold { body(item, other, score) }
      }
    }
  }
}
