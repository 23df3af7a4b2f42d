internal import CKernels
internal import Records

extension RougeLIndex {
  public func merged(_ range: Range<Int>) throws(SegmentError) -> [UInt8] {
    let parts = segments[range]
    guard let first = parts.first else { throw .counts(items: 0, ids: 0) }
    do {
      let pool = try GrowingPool()
      var ids: [ObjectID] = []
      var spellings: [[UInt8]] = []
      for part in parts {
        try part.verify()
        for bucket in part.layout.buckets {
          for place in 0..<bucket.count {
            let number = part.number(at: bucket.numbers + 4 * place)
            guard number < part.items.count else { throw SegmentError.damaged("an item without an id") }
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
            throw SegmentError.damaged("a word without end")
          }
          spellings.append(Array(spelling))
        }
      }
      return try SegmentWriter(
        parameters: parameters, firstItem: first.items.lowerBound, firstWord: first.words.lowerBound,
        pool: pool,
        ids: ids, spellings: spellings
      ).bytes()
    } catch let error as SegmentError {
      throw error
    } catch {
      throw .outOfMemory
    }
  }
}
