extension ByteScanner {
  /// Appends the canonical pair of a row's values. Returns the spelling of an input that is there but says that
  /// there is none: a placeholder or an empty string.
  @inline(__always)
  func appendPair(_ values: RowValues, to output: inout [UInt8]) -> StringSpan? {
    guard let instruction = values.instruction, let answer = values.output else { return nil }
    var placeholder: StringSpan?
    if let input = values.input {
      if input.count == 0 || isPlaceholder(input) {
        placeholder = input
        CanonicalText.append("{\"instruction\":\"", to: &output)
      } else {
        CanonicalText.append("{\"input\":\"", to: &output)
        appendCanonical(input, to: &output)
        CanonicalText.append("\",\"instruction\":\"", to: &output)
      }
    } else {
      CanonicalText.append("{\"instruction\":\"", to: &output)
    }
    appendCanonical(instruction, to: &output)
    CanonicalText.append("\",\"kind\":\"pair\",\"output\":\"", to: &output)
    appendCanonical(answer, to: &output)
    if let system = values.system, system.count > 0 {
      CanonicalText.append("\",\"system\":\"", to: &output)
      appendCanonical(system, to: &output)
    }
    if values.turns.isEmpty {
      CanonicalText.append("\",\"v\":1}", to: &output)
    } else {
      CanonicalText.append("\",\"turns\":[", to: &output)
      append(values.turns, to: &output)
      CanonicalText.append("],\"v\":1}", to: &output)
    }
    return placeholder
  }

  private func append(_ turns: [RowValues.Turn], to output: inout [UInt8]) {
    for (position, turn) in turns.enumerated() {
      CanonicalText.append(position == 0 ? "{\"content\":\"" : ",{\"content\":\"", to: &output)
      appendCanonical(turn.content, to: &output)
      switch turn.speaker {
      case .user: CanonicalText.append("\",\"role\":\"user\"}", to: &output)
      case .assistant: CanonicalText.append("\",\"role\":\"assistant\"}", to: &output)
      case .system: CanonicalText.append("\",\"role\":\"system\"}", to: &output)
      }
    }
  }

  @inline(__always)
  private func isPlaceholder(_ span: StringSpan) -> Bool {
    guard span.spelling.contains(.escaped) else { return Placeholders.contain(bytes(of: span)) }
    // `N\/A` takes more bytes than the nine of the longest placeholder, at most six for each of its characters.
    guard span.count <= 54 else { return false }
    return Array(text(of: span).utf8).withUnsafeBufferPointer { Placeholders.contain($0) }
  }
}
