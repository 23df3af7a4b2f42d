import Records

/// One pair, while it is looked at.
struct ReadPair {
  /// The pair's canonical bytes, valid during the call.
  let bytes: UnsafeRawBufferPointer
  /// A column of its row as canonical JSON; nil when the row does not have it, has `null` or an empty text there.
  let column: (Facet) throws -> [UInt8]?

  /// The texts of some fields, a line feed between them.
  func text(of fields: [PairField]) throws -> [UInt8] {
    var text: [UInt8] = []
    try appendText(of: fields, to: &text)
    return text
  }

  /// Adds the same to an empty text.
  func appendText(of fields: [PairField], to text: inout [UInt8]) throws {
    let parts = try PairFields(canonical: bytes)
    func append(_ range: Range<Int>) {
      if !text.isEmpty { text.append(0x0A) }
      PairFields.append(range, of: bytes, to: &text)
    }
    for field in fields {
      switch field {
      case .system: if let range = parts.system { append(range) }
      case .turns: for turn in parts.turns { append(turn.content) }
      case .instruction: append(parts.instruction)
      case .input: if let range = parts.input { append(range) }
      case .output: append(parts.output)
      }
    }
  }
}
