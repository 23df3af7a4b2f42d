import Curation

extension FuzzTarget {
  /// A user's expression, then after the first zero byte the text that it is looked for in.
  ///
  /// A match lies in the text and is the same in a group and beside itself; expressions that ``PatternReference`` knows find
  /// what trying everything finds.
  static let textPattern = FuzzTarget("text-pattern", longest: 512) { input in
    let end = input.firstIndex(of: 0) ?? input.count
    let text = Array(input[min(end + 1, input.count)...])
    guard let written = String(validating: input[..<end], as: UTF8.self) else { return false }
    let pattern: TextPattern
    do throws(TextPattern.Failure) {
      pattern = try TextPattern(written)
    } catch {
      try promise(!error.reason.isEmpty, "a refusal without a reason")
      try promise((0...written.unicodeScalars.count).contains(error.place), "a place outside: \(error.place)")
      return false
    }
    let match = pattern.firstMatch(in: text)
    if let match {
      try promise(match.upperBound <= text.count, "a match of \(match) in \(text.count) bytes")
      if String(validating: text, as: UTF8.self) != nil {
        try promise(
          [match.lowerBound, match.upperBound].allSatisfy { $0 == text.count || text[$0] & 0xC0 != 0x80 },
          "a match of \(match) cuts a character")
      }
    }
    // Flags stand at the very beginning only. A longer expression may be over the limits, which is no broken promise.
    if !written.hasPrefix("(?") {
      for other in ["(?:\(written))", "(?:\(written)|\(written))", "(\(written)){1}"] {
        guard let equal = try? TextPattern(other) else { continue }
        try promise(equal.firstMatch(in: text) == match, "\(written) and \(other) find different things")
      }
    }
    if let reference = PatternReference(written), text.count <= 16, text.allSatisfy({ $0 < 0x80 }) {
      if let expected = reference.firstMatch(in: text, steps: 20_000) {
        func words(_ match: Range<Int>?) -> String { match.map { "\($0)" } ?? "nothing" }
        try promise(expected == match, "\(written) finds \(words(match)), not \(words(expected))")
      }
    }
    return true
  }
}
