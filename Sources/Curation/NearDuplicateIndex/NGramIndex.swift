internal import CKernels
public import Records

/// Sets of n-grams that new ones are compared with, kept in files: immutable segments, each with the items of a batch.
///
/// Grams follow from bytes alone, so an index has no words of its own, and a segment has the order in which its own items
/// were looked at. It answers exactly as ``NGramJoin`` does on all its items.
public struct NGramIndex: SegmentedIndex {
  public let parameters: NGramIndexParameters
  public let segments: [NGramSegment]

  public init(_ segments: [NGramSegment], parameters: NGramIndexParameters) throws(SegmentError) {
    try Self.check(segments, parameters)
    self.parameters = parameters
    self.segments = segments
  }

  /// The bytes of a segment that adds sets of a batch to this index.
  /// - Parameters:
  ///   - chosen: which sets, by their places in the batch; they become items in this order.
  ///   - ids: what the caller names each of them.
  /// - Throws: ``SegmentError``.
  public func segment(
    adding chosen: [Int], of sets: GramSets, ids: [ObjectID], threads: Int = 1
  ) throws(SegmentError) -> [UInt8] {
    precondition(sets.n == parameters.similarity.n, "grams of the index's length")
    guard ids.count == chosen.count else { throw .counts(items: chosen.count, ids: ids.count) }
    return try NGramSegmentWriter(
      parameters: parameters, firstItem: count, sets: sets.only(chosen), ids: ids, threads: threads
    ).bytes()
  }
}
