/// Learns byte-pair merges from texts: the most frequent pair first, the lower pair of ids among equals.
///
/// Source: Sennrich, Haddow and Birch, 2016 (arXiv:1508.07909), over bytes as in GPT-2. Meant for small vocabularies:
/// every merge counts all pairs again.
enum MergeLearner {
  /// Up to `count` merges, and the bytes of all tokens: the 256 bytes in order, then the merged ones.
  static func learn(from texts: [String], count: Int) -> (
    tokens: [[UInt8]], merges: [(left: Int, right: Int)]
  ) {
    var words = counts(in: texts).map { word in (symbols: word.bytes.map { Int32($0) }, count: word.count) }
    var tokens = (UInt8.min...UInt8.max).map { [$0] }
    var ids: [[UInt8]: Int32] = [:]
    var merges: [(left: Int, right: Int)] = []
    while merges.count < count {
      var pairs: [UInt64: Int] = [:]
      for word in words {
        for (left, right) in zip(word.symbols, word.symbols.dropFirst()) {
          pairs[key(left, right), default: 0] += word.count
        }
      }
      guard let best = pairs.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), best.value > 1 else {
        break
      }
      let left = Int32(truncatingIfNeeded: best.key >> 32)
      let right = Int32(truncatingIfNeeded: best.key)
      let bytes = tokens[Int(left)] + tokens[Int(right)]
      // Two merges can make the same token: "ab" + "c" and "a" + "bc".
      let merged = ids[bytes] ?? Int32(tokens.count)
      if ids.updateValue(merged, forKey: bytes) == nil { tokens.append(bytes) }
      merges.append((Int(left), Int(right)))
      for index in words.indices { join(left, right, as: merged, in: &words[index].symbols) }
    }
    return (tokens, merges)
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

  /// The pieces of all texts with how often each occurs, in byte order.
  private static func counts(in texts: [String]) -> [(bytes: [UInt8], count: Int)] {
    var counts: [[UInt8]: Int] = [:]
    for text in texts {
      var text = text
      text.withUTF8 { bytes in
        PreTokenizer(steps: [.split(.gpt2)]).forEachPiece(of: bytes) { counts[Array($0), default: 0] += 1 }
      }
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }

  private static func join(_ left: Int32, _ right: Int32, as merged: Int32, in symbols: inout [Int32]) {
    var joined: [Int32] = []
    var index = 0
    while index < symbols.count {
      if index + 1 < symbols.count, symbols[index] == left, symbols[index + 1] == right {
        joined.append(merged)
        index += 2
      } else {
        joined.append(symbols[index])
        index += 1
      }
    }
    symbols = joined
  }
}
