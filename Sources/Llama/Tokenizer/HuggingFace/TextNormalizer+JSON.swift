extension TextNormalizer {
  /// Reads `normalizer`: none, NFC, Prepend, Replace of a text, or a Sequence of these.
  init(_ description: TokenizerMembers?) throws {
    self.init()
    guard let description else { return }
    switch try description.string("type") {
    case "NFC": steps = [.compose]
    case "Prepend": steps = [.prepend(Array(try description.string("prepend").utf8))]
    case "Replace": steps = [try Self.replacement(description)]
    case "Sequence": steps = try description.objects("normalizers").flatMap { try TextNormalizer($0).steps }
    case let other: throw description.unsupported("type", "\"\(other)\"")
    }
  }

  private static func replacement(_ description: TokenizerMembers) throws -> Step {
    .replace(try description.searchedText(), with: Array(try description.string("content").utf8))
  }
}

extension TokenizerMembers {
  /// The text of a `pattern` that is one, `{"String": "…"}`.
  func searchedText() throws -> [UInt8] {
    guard let pattern = try object("pattern"), let text = try pattern.optionalString("String") else {
      throw unsupported("pattern", "a regular expression")
    }
    guard !text.isEmpty else { throw malformed("pattern", "is an empty text") }
    return Array(text.utf8)
  }
}
