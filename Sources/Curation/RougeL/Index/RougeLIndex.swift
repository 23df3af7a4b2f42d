public import Records

/// Lists that new ones are compared with, kept in files: immutable segments, each with the items and words of a batch.
///
/// The index has words of its own, so that a text gives the same numbers in every session. Adding a batch makes one more
/// segment; now and then the last ones are merged, so that there are few and each item is written a few times at most.
/// An index answers exactly as one that is built anew from all its lists.
public struct RougeLIndex: Sendable {
  public let parameters: RougeLIndexParameters
  /// Those in use, in the order of their items.
  public let segments: [RougeLSegment]
  /// Places, among the segments it was made of, of those whose items another one has: what a merge that was interrupted
  /// did not get to remove.
  public let superseded: [Int]
  /// To compare with: item *i* of the index is known list *i*.
  public let pool: RougeLPool

  /// - Parameter segments: in any order; none for an empty index.
  /// - Throws: ``RougeLIndexError`` for segments of other parameters or that do not belong together.
  public init(_ segments: [RougeLSegment], parameters: RougeLIndexParameters) throws(RougeLIndexError) {
    var used: [RougeLSegment] = []
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
      guard segment.words.lowerBound == used.last?.words.upperBound ?? 0 else {
        throw .damaged("words are missing before item \(end)")
      }
      used.append(segment)
    }
    self.parameters = parameters
    self.segments = used
    self.superseded = superseded
    pool = RougeLPool(
      count: used.last?.items.upperBound ?? 0, buckets: used.flatMap(\.buckets), owner: used)
  }

  /// How many items it has.
  public var count: Int { pool.count }

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
  /// - Throws: ``RougeLIndexError/damaged(_:)``.
  public func verify() throws(RougeLIndexError) {
    for segment in segments { try segment.verify() }
  }

  /// Lists in the index's own numbers.
  public struct Batch: Sendable {
    /// What ``RougeLFilter`` compares with the index's ``RougeLIndex/pool``.
    public let lists: TokenLists
    /// Words that the index has not, numbered after its own.
    let spellings: [[UInt8]]
  }

  /// Lists of other numbers in the index's own.
  /// - Parameter spelling: the word of a number; different numbers have different words.
  public func batch(_ lists: TokenLists, spelling: (UInt32) -> some Sequence<UInt8>) -> Batch {
    let known = segments.last?.words.upperBound ?? 0
    var numbers = [UInt32](repeating: .max, count: Int(lists.ids.max() ?? 0) + 1)
    var new: [[UInt8]] = []
    var result = TokenLists()
    for item in 0..<lists.count {
      for id in lists[item] where numbers[Int(id)] == .max {
        let word = Array(spelling(id))
        let hash = word.withUnsafeBytes { RougeLSegment.hash($0) }
        if let found = segments.lazy.compactMap({ $0.word(spelled: word, hash: hash) }).first {
          numbers[Int(id)] = found
        } else {
          numbers[Int(id)] = UInt32(known + new.count)
          new.append(word)
        }
      }
      result.append(lists[item].lazy.map { numbers[Int($0)] })
    }
    return Batch(lists: result, spellings: new)
  }

  /// The bytes of a segment that adds lists of a batch to this index.
  /// - Parameters:
  ///   - chosen: which lists, by their places in the batch; they become items in this order.
  ///   - ids: what the caller names each of them.
  ///   - groups: of each, to be compared with lists of the same group only. Nil when all are of group 0.
  /// - Throws: ``RougeLIndexError``.
  public func segment(
    adding chosen: [Int], of batch: Batch, ids: [ObjectID], groups: [UInt32]? = nil
  ) throws(RougeLIndexError) -> [UInt8] {
    guard ids.count == chosen.count, groups?.count ?? ids.count == ids.count else {
      throw .counts(lists: chosen.count, ids: groups.map { min($0.count, ids.count) } ?? ids.count)
    }
    guard chosen.count < Int(UInt32.max) - count else { throw .tooLarge }
    do {
      let pool = try GrowingPool()
      for (place, item) in chosen.enumerated() {
        try pool.append(batch.lists[item], number: UInt32(place), group: groups?[place] ?? 0)
      }
      return try SegmentWriter(
        parameters: parameters, firstItem: count, firstWord: segments.last?.words.upperBound ?? 0, pool: pool,
        ids: ids, spellings: batch.spellings
      ).bytes()
    } catch let error as RougeLIndexError {
      throw error
    } catch {
      throw .outOfMemory
    }
  }
}
