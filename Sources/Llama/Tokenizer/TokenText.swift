/// The text of a token as a key: equal when its bytes are. Swift takes strings for equal that differ in composition,
/// and vocabularies have both forms.
struct TokenText: Hashable, Sendable, CustomStringConvertible {
  let text: String

  init(_ text: String) { self.text = text }

  var description: String { text }

  static func == (one: TokenText, other: TokenText) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

  func hash(into hasher: inout Hasher) {
    if text.utf8.withContiguousStorageIfAvailable({ hasher.combine(bytes: UnsafeRawBufferPointer($0)) })
      == nil
    {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }
}
