public import Records

/// Lists that new ones are compared with, kept in files: immutable segments, each with the items and words of a batch.
///
/// The index has words of its own, so that a text gives the same numbers in every session. It answers exactly as one that is
/// built anew from all its lists.
public struct RougeLIndex: SegmentedIndex {
  public let parameters: RougeLIndexParameters
  public let segments: [RougeLSegment]
  /// To compare with: item *i* of the index is known list *i*.
  public let pool: RougeLPool

  public init(_ segments: [RougeLSegment], parameters: RougeLIndexParameters) throws(SegmentError) {
    try Self.check(segments, parameters)
    var words = 0
    for segment in segments {
      guard segment.words.lowerBound == words else {
        throw .damaged("words are missing before item \(segment.items.lowerBound)")
      }
      words = segment.words.upperBound
    }
    self.parameters = parameters
    self.segments = segments
    pool = RougeLPool(
      count: segments.last?.items.upperBound ?? 0, buckets: segments.flatMap(\.buckets), owner: segments)
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
  /// - Throws: ``SegmentError``.
  public func segment(
    adding chosen: [Int], of batch: Batch, ids: [ObjectID], groups: [UInt32]? = nil
  ) throws(SegmentError) -> [UInt8] {
    guard ids.count == chosen.count, groups?.count ?? ids.count == ids.count else {
      throw .counts(items: chosen.count, ids: groups.map { min($0.count, ids.count) } ?? ids.count)
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
    } catch let error as SegmentError {
      throw error
    } catch {
      throw .outOfMemory
    }
  }
}
