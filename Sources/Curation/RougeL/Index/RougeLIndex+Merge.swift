internal import CKernels
internal import Records

extension RougeLIndex {
  /// Which of ``segments`` to merge next: the last ones, as long as each is not twice as large as all after it. Nil when there
  /// is nothing to do. Merging what this names after each addition keeps segments as few as the logarithm of the items, and
  /// writes each item about as many times.
  public var mergeable: Range<Int>? {
    var first = segments.count - 1
    guard first > 0 else { return nil }
    var items = segments[first].items.count
    while first > 0, segments[first - 1].items.count < 2 * items {
      first -= 1
      items += segments[first].items.count
    }
    return first < segments.count - 1 ? first..<segments.count : nil
  }

  /// The bytes of one segment in place of several, which are verified first.
  /// - Parameter range: places in ``segments``.
  /// - Throws: ``RougeLIndexError``.
  public func merged(_ range: Range<Int>) throws(RougeLIndexError) -> [UInt8] {
    let parts = segments[range]
    guard let first = parts.first else { throw .counts(lists: 0, ids: 0) }
    do {
      let pool = try GrowingPool()
      var ids: [ObjectID] = []
      var spellings: [[UInt8]] = []
      for part in parts {
        try part.verify()
        for bucket in part.layout.buckets {
          for place in 0..<bucket.count {
            let number = part.number(at: bucket.numbers + 4 * place)
            guard number < part.items.count else { throw RougeLIndexError.damaged("an item without an id") }
            let tokens = (0..<bucket.length).map {
              part.number(at: bucket.tokens + 4 * (bucket.length * place + $0))
            }
            try pool.append(
              tokens[...], number: UInt32(part.items.lowerBound - first.items.lowerBound) + number,
              group: part.number(at: bucket.groups + 4 * place))
          }
        }
        ids += part.items.map { part.id(of: $0) }
        for word in 0..<part.words.count {
          guard let spelling = part.spelling(word) else {
            throw RougeLIndexError.damaged("a word without end")
          }
          spellings.append(Array(spelling))
        }
      }
      return try SegmentWriter(
        parameters: parameters, firstItem: first.items.lowerBound, firstWord: first.words.lowerBound,
        pool: pool,
        ids: ids, spellings: spellings
      ).bytes()
    } catch let error as RougeLIndexError {
      throw error
    } catch {
      throw .outOfMemory
    }
  }
}
