internal import CKernels
internal import Records

extension NGramIndex {
  /// Which of ``segments`` to merge next: the last ones, from the first that is not twice as large as all after it together.
  /// Nil when there is none. Merging what this names after each addition keeps segments as few as the logarithm of the items,
  /// and writes each item about as many times.
  public var mergeable: Range<Int>? {
    var start = segments.count
    var items = 0
    for place in segments.indices.reversed() {
      if segments[place].items.count < 2 * items { start = place }
      items += segments[place].items.count
    }
    return start < segments.count ? start..<segments.count : nil
  }

  /// The bytes of one segment in place of several, which are verified first. The dead keep their numbers and lose their
  /// grams.
  /// - Parameter range: places in ``segments``.
  /// - Throws: ``NGramIndexError``.
  public func merged(_ range: Range<Int>, threads: Int = 1) throws(NGramIndexError) -> [UInt8] {
    guard let first = segments[range].first else { throw .counts(sets: 0, ids: 0) }
    var sets = GramSets(n: parameters.similarity.n)
    var ids: [ObjectID] = []
    let encoder = GramEncoder(.rouge, n: parameters.similarity.n)
    for segment in segments[range] {
      try segment.verify()
      for item in segment.items {
        let id = segment.id(of: item)
        ids.append(id)
        if dead.contains(id) {
          encoder.append("", to: &sets)
        } else {
          sets.append(try segment.set(at: item - segment.items.lowerBound), owner: segment)
        }
      }
    }
    return try NGramSegmentWriter(
      parameters: parameters, firstItem: first.items.lowerBound, sets: sets, ids: ids, threads: threads
    ).bytes()
  }
}
