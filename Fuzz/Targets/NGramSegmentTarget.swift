import Curation
import Records

extension FuzzTarget {
  /// Changes to a segment of an index for near-duplicates: a place (two bytes, the lowest first) and the byte that is put
  /// there. The header's checksum is put right, so that what lies behind it is reached.
  ///
  /// It is refused, or asked without a trap. A segment that says it is whole is merged into one that is.
  static let ngramSegment = FuzzTarget("ngram-segment", longest: 96) { input in
    let (parameters, segment, sets) = written
    var bytes = segment
    for start in stride(from: 0, to: input.count - 2, by: 3) {
      bytes[(Int(input[start]) | Int(input[start + 1]) << 8) % bytes.count] = input[start + 2]
    }
    // What is left over cuts it short.
    bytes.removeLast(input.count % 3 == 2 ? Int(input[input.count - 1]) : 0)
    if bytes.count >= 88 {
      let names = SegmentSeal.number(bytes, 36, 2) + SegmentSeal.number(bytes, 38, 2)
      SegmentSeal.seal(&bytes, at: 88 + Int(names))
    }
    do {
      let index = try NGramIndex([NGramSegment(bytes)], parameters: parameters)
      for item in 0..<index.count { _ = index.id(of: item) }
      for match in try index.matches(of: sets) {
        try promise((0..<index.count).contains(match.other), "item \(match.other) of \(index.count)")
        try promise((0..<sets.count).contains(match.item), "text \(match.item)")
      }
      try index.verify()
      guard !index.segments.isEmpty else { return true }
      let merged = try NGramSegment(try index.merged(0..<index.segments.count))
      do {
        try merged.verify()
      } catch {
        throw BrokenPromise("a merged segment that is not whole: \(error)")
      }
    } catch is SegmentError {
      return false
    }
    return true
  }

  private static let written: (parameters: NGramIndexParameters, segment: [UInt8], sets: GramSets) = {
    do {
      let parameters = NGramIndexParameters(similarity: try NGramSimilarity(), tokenizer: "fuzz", field: "f")
      let encoder = GramEncoder(.rouge, n: parameters.similarity.n)
      var sets = GramSets(n: parameters.similarity.n)
      for item in 0..<8 {
        encoder.append((0..<8).map { "w\(item / 2 * 8 + $0 + item % 2)" }.joined(separator: " "), to: &sets)
      }
      let ids = (0..<8).compactMap { ObjectID(bytes: [UInt8](repeating: $0, count: 32)) }
      let segment = try NGramIndex([], parameters: parameters).segment(
        adding: Array(0..<8), of: sets, ids: ids)
      return (parameters, segment, sets)
    } catch {
      preconditionFailure("a segment that is valid: \(error)")
    }
  }()
}
