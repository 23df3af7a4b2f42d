internal import CKernels
public import Records

/// Sets of n-grams that new ones are compared with, kept in files: immutable segments, each with the items of a batch.
///
/// Grams follow from bytes alone, so an index has no words of its own, and a segment has the order in which its own items
/// were looked at. Adding a batch makes one more segment; now and then the last ones are merged, so that there are few and
/// each item is written a few times at most. An index answers exactly as ``NGramJoin`` does on all its items.
public struct NGramIndex: Sendable {
  public let parameters: NGramIndexParameters
  /// Those in use, in the order of their items.
  public let segments: [NGramSegment]
  /// Places, among the segments it was made of, of those whose items another one has: what a merge that was interrupted
  /// did not get to remove.
  public let superseded: [Int]
  /// Ids of items that nothing is alike to any more.
  let dead: Set<ObjectID>

  /// - Parameters:
  ///   - segments: in any order; none for an empty index.
  ///   - dead: ids of items to leave out. They keep their numbers.
  /// - Throws: ``NGramIndexError`` for segments of other parameters or that do not belong together.
  public init(
    _ segments: [NGramSegment], parameters: NGramIndexParameters, leavingOut dead: Set<ObjectID> = []
  ) throws(NGramIndexError) {
    var used: [NGramSegment] = []
    var superseded: [Int] = []
    let order = segments.indices.sorted {
      let (one, other) = (segments[$0].items, segments[$1].items)
      return (one.lowerBound, other.upperBound, $0) < (other.lowerBound, one.upperBound, $1)
    }
    for place in order {
      let segment = segments[place]
      guard segment.parameters == parameters else {
        throw .parameters(found: segment.parameters, expected: parameters)
      }
      let end = used.last?.items.upperBound ?? 0
      if segment.items.upperBound <= end {
        superseded.append(place)
        continue
      }
      guard segment.items.lowerBound == end else { throw .missingItems(from: end) }
      used.append(segment)
    }
    self.parameters = parameters
    self.segments = used
    self.superseded = superseded
    self.dead = dead
  }

  /// How many items it has, with the dead.
  public var count: Int { segments.last?.items.upperBound ?? 0 }

  /// What the caller named an item.
  public func id(of item: Int) -> ObjectID {
    var low = 0
    var high = segments.count - 1
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].items.upperBound <= item { low = middle + 1 } else { high = middle }
    }
    return segments[low].id(of: item)
  }

  /// Reads everything.
  /// - Throws: ``NGramIndexError/damaged(_:)``.
  public func verify() throws(NGramIndexError) {
    for segment in segments { try segment.verify() }
  }

  /// The bytes of a segment that adds sets of a batch to this index.
  /// - Parameters:
  ///   - chosen: which sets, by their places in the batch; they become items in this order.
  ///   - ids: what the caller names each of them.
  /// - Throws: ``NGramIndexError``.
  public func segment(
    adding chosen: [Int], of sets: GramSets, ids: [ObjectID], threads: Int = 1
  ) throws(NGramIndexError) -> [UInt8] {
    precondition(sets.n == parameters.similarity.n, "grams of the index's length")
    guard ids.count == chosen.count else { throw .counts(sets: chosen.count, ids: ids.count) }
    return try NGramSegmentWriter(
      parameters: parameters, firstItem: count, sets: sets.only(chosen), ids: ids, threads: threads
    ).bytes()
  }
}
