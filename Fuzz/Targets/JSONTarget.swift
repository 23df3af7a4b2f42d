import Records

extension FuzzTarget {
  /// Any text: refused at a place inside it, or a value whose canonical text is read as one with the same text.
  static let json = FuzzTarget("json") { input in
    let limits = JSONLimits(depth: 16, keys: 32, stringBytes: 512, textBytes: 2048)
    for limits in [JSONLimits.configuration, limits] {
      do {
        let value = try JSON.parse(input, limits: limits)
        let text = CanonicalJSON.encode(value)
        try promise(
          CanonicalJSON.encode(try JSON.parse(text)) == text, "the canonical text means another value")
      } catch let failure as JSONFailure {
        try promise((0...input.count).contains(failure.byte), "byte \(failure.byte) of \(input.count)")
        try promise(failure.line >= 1 && failure.column >= 1, "place \(failure)")
        let before = input[..<failure.byte]
        let line = before.count { $0 == 0x0A } + 1
        let column = failure.byte - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        try promise(line == failure.line && column == failure.column, "\(failure) is line \(line):\(column)")
        return false
      }
    }
    return true
  }

  /// Canonical text of canonical text: the same value, members in the same order, and the same bytes.
  static let canonical = FuzzTarget("canonical") { input in
    guard let value = try? JSON.parse(input) else { return false }
    let once = CanonicalJSON.encode(value)
    let again = try JSON.parse(once)
    try promise(CanonicalJSON.encode(again) == once, "canonical text is not a fixed point")
    try promise(
      try JSON.parse(CanonicalJSON.encode(again)) == again, "the canonical text means another value")
    try promise(String(validating: once, as: UTF8.self) != nil, "canonical text is not UTF-8")
    return true
  }
}
