import Curation

extension FuzzTarget {
  /// Changes to a segment of an index for near-duplicates: a place (two bytes, the lowest first) and the byte that is put
  /// there. The header's fingerprint is put right, so that what lies behind it is reached.
  ///
  /// It is refused, or asked without a trap.
  static let ngramSegment = FuzzTarget("ngram-segment", longest: 96) { input in
    let (parameters, order, segment, lists) = written
    var bytes = segment
    for start in stride(from: 0, to: input.count - 2, by: 3) {
      bytes[(Int(input[start]) | Int(input[start + 1]) << 8) % bytes.count] = input[start + 2]
    }
    // What is left over cuts it short.
    bytes.removeLast(input.count % 3 == 2 ? Int(input[input.count - 1]) : 0)
    seal(&bytes)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    do {
      let opened = try NGramSegment(UnsafeRawBufferPointer(memory), parameters: parameters, order: order)
      for item in 0..<opened.count { _ = opened.id(of: item) }
      let index = NGramIndex([opened], parameters: parameters, order: order)
      for link in try index.links(to: lists) {
        try promise((0..<index.count).contains(link.other), "item \(link.other) of \(index.count)")
        try promise((0..<lists.count).contains(link.item), "list \(link.item)")
      }
      _ = try NGramSegment.merge([opened], parameters: parameters, order: order)
    } catch is NGramIndexError {
      return false
    }
    return true
  }

  private static let written:
    (parameters: NGramIndexParameters, order: NGramIndexOrder, segment: [UInt8], lists: TokenLists) = {
      guard let similarity = try? NGramSimilarity() else { preconditionFailure("the default is valid") }
      let parameters = NGramIndexParameters(similarity: similarity, tokenizer: "fuzz")
      var lists = TokenLists()
      for item in 0..<8 { lists.append((0..<8).map { UInt32(item / 2 * 8 + $0 + item % 2) }) }
      let order = NGramIndexOrder(sampling: lists, n: similarity.n)
      let ids = (0..<8).map { [UInt8](repeating: $0, count: 32) }
      let segment = NGramSegment.encode(lists, ids: ids, parameters: parameters, order: order)
      return (parameters, order, segment, lists)
    }()

  /// The fingerprint of the header's first 120 bytes, behind them.
  private static func seal(_ bytes: inout [UInt8]) {
    guard bytes.count >= 128 else { return }
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325 ^ 120
    for word in 0..<15 {
      let value = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[8 * word + $1]) }
      sum = (sum ^ value) &* 0x0000_0100_0000_01B3
      sum ^= sum >> 29
    }
    sum ^= sum >> 32
    for place in 0..<8 { bytes[120 + place] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * place)) }
  }
}
