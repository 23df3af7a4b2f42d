extension RowValues.ScalarOrNested {
  /// True for a literal or an integer in its one spelling.
  var isPlain: Bool { if case .plain = kind { true } else { false } }
}

extension ByteScanner {
  /// Validates the value under the cursor, whatever it is, and moves behind it.
  mutating func anyValue() throws -> RowValues.ScalarOrNested {
    let start = at
    switch byte {
    case UInt8(ascii: "\""):
      let span = try string()
      return RowValues.ScalarOrNested(start: start, end: at, kind: .string(span.spelling))
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      let number = try number()
      if !number.isPlain { _ = try value(of: number) }
      return RowValues.ScalarOrNested(start: start, end: at, kind: number.isPlain ? .plain : .number)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      var reader = ValueReader(self)
      // The row itself is one level.
      _ = try reader.value(depth: 1)
      at = reader.scanner.at
      return RowValues.ScalarOrNested(start: start, end: at, kind: .nested)
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: throw missingValue()
    }
    return RowValues.ScalarOrNested(start: start, end: at, kind: .plain)
  }

  /// Appends a validated value as canonical JSON.
  func appendCanonical(_ value: RowValues.ScalarOrNested, to output: inout [UInt8]) throws {
    switch value.kind {
    case .string(let spelling):
      output.append(UInt8(ascii: "\""))
      appendCanonical(
        StringSpan(start: value.start + 1, end: value.end - 1, spelling: spelling), to: &output)
      output.append(UInt8(ascii: "\""))
    case .plain:
      output.append(
        contentsOf: UnsafeBufferPointer(start: base + value.start, count: value.end - value.start))
    case .number, .nested:
      var reader = ValueReader(ByteScanner(base, from: value.start, to: value.end, limits: limits))
      CanonicalJSON.append(try reader.value(depth: 1), to: &output)
    }
  }
}
