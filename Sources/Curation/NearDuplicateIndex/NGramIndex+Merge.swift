internal import CKernels
internal import Records

extension NGramIndex {
  public func merged(_ range: Range<Int>) throws(SegmentError) -> [UInt8] {
    guard let first = segments[range].first else { throw .counts(items: 0, ids: 0) }
    var sets = GramSets(n: parameters.similarity.n)
    var ids: [ObjectID] = []
    for segment in segments[range] {
      try segment.verify()
      for item in segment.items {
        ids.append(segment.id(of: item))
        sets.append(try segment.set(at: item - segment.items.lowerBound), owner: segment)
      }
    }
    return try NGramSegmentWriter(
      parameters: parameters, firstItem: first.items.lowerBound, sets: sets, ids: ids, threads: 1
    ).bytes()
  }
}
