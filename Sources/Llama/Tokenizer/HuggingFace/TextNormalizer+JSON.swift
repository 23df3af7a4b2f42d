extension TextNormalizer {
  /// Reads `normalizer`: none, NFC, Prepend, Replace of a text, or a Sequence of these.
  init(_ description: TokenizerMembers?) throws {
    self.init()
    guard let description else { return }
    switch try description.string("type") {
    case "NFC": steps = [.compose]
    case "Prepend": steps = [.prepend(try description.shortText("prepend"))]
    case "Replace": steps = [try Self.replacement(description)]
    case "Sequence": steps = try description.objects("normalizers").flatMap { try TextNormalizer($0).steps }
    case let other: throw description.unsupported("type", "\"\(other)\"")
    }
  }

  private static func replacement(_ description: TokenizerMembers) throws -> Step {
    .replace(try description.searchedText(), with: try description.shortText("content"))
  }
}

extension TokenizerMembers {
  /// A text that is put into others: real ones are a single character, and a long one would make texts grow without end.
  func shortText(_ key: String) throws -> [UInt8] {
    let text = Array(try string(key).utf8)
    guard text.count <= 16 else { throw unsupported(key, "a text of more than 16 bytes") }
    return text
  }

  /// The text of a `pattern` that is one, `{"String": "…"}`.
  func searchedText() throws -> [UInt8] {
    guard let pattern = try object("pattern"), let text = try pattern.optionalString("String") else {
      throw unsupported("pattern", "a regular expression")
    }
    guard !text.isEmpty else { throw malformed("pattern", "is an empty text") }
    return Array(text.utf8)
  }
}
