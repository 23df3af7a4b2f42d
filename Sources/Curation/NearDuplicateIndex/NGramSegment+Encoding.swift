internal import CKernels

extension NGramSegment {
  /// A segment of new items as bytes, at a cost that follows them alone.
  ///
  /// - Parameter ids: 32 bytes for each list.
  public static func encode(
    _ lists: TokenLists, ids: [[UInt8]], parameters: NGramIndexParameters, order: NGramIndexOrder,
    threads: Int = 1
  ) -> [UInt8] {
    precondition(ids.count == lists.count, "an id for each item")
    precondition(ids.allSatisfy { $0.count == NGramSegmentLayout.idLength }, "ids of 32 bytes")
    precondition(order.n == parameters.similarity.n, "an order of grams of another length")
    let sets = GramSets(
      TokenCorpus([lists]), similarity: parameters.similarity, threads: threads, order: order.order)
    let items = (0..<UInt32(lists.count)).map { $0 }
    // A segment has one part: it is searched for few items at a time, and what is visited there is checked one by one.
    let postings = sets.postingCounts(of: items).all
    let index = PostingIndex.Part(
      postings: postings, bits: GramOrder.bits(for: postings * 3 / 5, atMost: 28))
    ck_postings_reserve(index.kernel, sets.kernel(), CK_ALL_POSTINGS, items, items.count)
    for item in items { ck_postings_append(index.kernel, sets.kernel(), CK_ALL_POSTINGS, item) }
    let bits = index.bits
    guard
      let layout = NGramSegmentLayout(
        items: lists.count, words: lists.ids.count, postings: postings, bits: bits)
    else { preconditionFailure("more items than a segment holds") }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(layout.end)
    bytes += layout.header(parameters: parameters, order: order)
    for id in ids { bytes += id }
    for offset in lists.offsets { bytes.append(little: UInt64(offset)) }
    bytes.append(raw: sets.sizes.base, count: lists.count)
    bytes.align()
    bytes.append(raw: sets.signatures.base, count: 4 * lists.count)
    for bucket in 0..<1 << bits { bytes.append(little: index.buckets[bucket].start) }
    bytes.append(little: UInt32(postings))
    bytes.align()
    bytes.append(raw: index.entries.base, count: postings)
    lists.ids.withUnsafeBytes { bytes.append(contentsOf: $0) }
    bytes.align()
    return bytes
  }

  /// One segment of several, in their order, as bytes.
  ///
  /// - Throws: ``NGramIndexError/damaged(offset:reason:)``.
  public static func merge(
    _ segments: [NGramSegment], parameters: NGramIndexParameters, order: NGramIndexOrder, threads: Int = 1
  ) throws(NGramIndexError) -> [UInt8] {
    var lists = TokenLists()
    var ids: [[UInt8]] = []
    for segment in segments {
      for item in 0..<segment.count {
        lists.append(try segment.words(of: item))
        ids.append(segment.id(of: item))
      }
    }
    return encode(lists, ids: ids, parameters: parameters, order: order, threads: threads)
  }

  /// Which of the last segments are to be merged, by how many items they have, so that each is at least twice as large as all
  /// that come after it together: then there are few, and an item is copied as often as its index has doubled.
  public static func segmentsToMerge(_ counts: [Int]) -> Range<Int>? {
    var start = counts.count
    var sum = 0
    for place in counts.indices.reversed() {
      if counts[place] < 2 * sum { start = place }
      sum += counts[place]
    }
    return start < counts.count ? start..<counts.count : nil
  }
}

extension [UInt8] {
  /// The machine's own form, which is little-endian wherever Swift runs.
  fileprivate mutating func append<Value: BitwiseCopyable>(raw base: UnsafeMutablePointer<Value>, count: Int)
  {
    append(contentsOf: UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: count)))
  }
}
