internal import CKernels

extension NGramIndex {
  /// A new text and an item of the index that are alike.
  public struct Match: Hashable, Sendable {
    /// The text's place in its batch.
    public let item: Int
    /// The item of the index.
    public let other: Int
    /// How alike the two are.
    public let score: Double
  }

  /// All pairs of a new text and an item that are alike, sorted by both. Texts of the batch are not compared with each
  /// other: that is ``NGramJoin``'s.
  ///
  /// - Throws: ``SegmentError/damaged(_:)``.
  public func matches(of sets: GramSets, threads: Int = 1) throws(SegmentError) -> [Match] {
    precondition(sets.n == parameters.similarity.n, "grams of the index's length")
    let corpus = GramCorpus([sets])
    let items = (0..<UInt32(corpus.count)).filter { corpus.size(of: Int($0)) > 0 }
    let comparer = GramComparer(corpus)
    var matches: [Match] = []
    for segment in segments {
      let prefixes = GramPrefixes(
        corpus, items: items, similarity: parameters.similarity, order: segment.order, threads: threads,
        prunes: false)
      try search(segment, for: items, prefixes, comparer, &matches)
    }
    return matches.sorted { ($0.item, $0.other) < ($1.item, $1.other) }
  }

  private func search(
    _ segment: NGramSegment, for items: [UInt32], _ prefixes: GramPrefixes, _ comparer: GramComparer,
    _ matches: inout [Match]
  ) throws(SegmentError) {
    let (similarity, kernel, first) = (parameters.similarity, segment.kernel, segment.items.lowerBound)
    let stamps = Pages<UInt32>(segment.items.count)
    let found = Pages<UInt32>(segment.items.count + 1)
    for item in items {
      let count = ck_segment_candidates(
        kernel, prefixes.kernel, similarity.bound, item, stamps.base, item + 1, found.base)
      guard (0...segment.items.count).contains(count) else {  // SIZE_MAX comes as -1
        throw .damaged("postings of items that there are not")
      }
      for place in 0..<count {
        let set = try segment.set(at: Int(found[place]))
        let common = comparer.common(Int(item), with: set)
        let score = similarity.score(
          common: common, prefixes.corpus.size(of: Int(item)), Int(set.pointee.size))
        guard score >= similarity.threshold else { continue }
        let other = first + Int(found[place])
        matches.append(Match(item: Int(item), other: other, score: score))
      }
    }
  }
}
