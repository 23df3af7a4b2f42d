extension PairFields {
  /// The UTF-8 of a field.
  /// - Parameters:
  ///   - range: one of the fields' ranges.
  ///   - bytes: the canonical bytes that the fields were found in.
  public static func contents(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(range.count)
    append(range, of: bytes, to: &text)
    return text
  }

  /// Adds the UTF-8 of a field to a text.
  /// - Parameters:
  ///   - range: one of the fields' ranges.
  ///   - bytes: the canonical bytes that the fields were found in.
  public static func append(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    CanonicalText.appendUnescaped(UnsafeRawBufferPointer(rebasing: bytes[range]), to: &text)
  }

  /// The turns as canonical JSON: `[{"content","role"}]`. Nil without turns.
  /// - Parameter bytes: the canonical bytes that the fields were found in.
  public func turnsJSON(in bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    guard !turns.isEmpty else { return nil }
    var text: [UInt8] = []
    for turn in turns {
      CanonicalText.append(text.isEmpty ? "[{\"content\":\"" : ",{\"content\":\"", to: &text)
      text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[turn.content]))
      CanonicalText.append("\",\"role\":\"", to: &text)
      text.append(contentsOf: turn.role.rawValue.utf8)
      CanonicalText.append("\"}", to: &text)
    }
    CanonicalText.append("]", to: &text)
    return text
  }
}
