/// Canonical JSON (RFC 8785): the one text of a value, which is what object ids hash.
///
/// No white space, keys sorted by their UTF-16 code units, numbers as ECMAScript writes them, and only the
/// escapes that JSON requires.
public enum CanonicalJSON {
  /// The canonical bytes of a value.
  public static func encode(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return bytes
  }

  /// Appends the canonical bytes of a value.
  public static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    case .number(let number): bytes.append(contentsOf: CanonicalNumber.text(number))
    case .string(let text): append(text, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (position, element) in elements.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        append(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      let sorted =
        isInOrder(members)
        ? members : members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
      for (position, member) in sorted.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        append(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Whether members stand in the order of their names, as most of those do that are made here. ASCII is compared by its
  /// bytes; of anything else it is not told.
  private static func isInOrder(_ members: [JSONMember]) -> Bool {
    for (one, next) in zip(members, members.dropFirst()) {
      guard one.name.utf8.allSatisfy({ $0 < 0x80 }), next.name.utf8.allSatisfy({ $0 < 0x80 }),
        !next.name.utf8.lexicographicallyPrecedes(one.name.utf8)
      else { return false }
    }
    return true
  }

  /// Appends a string in quotes with the escapes of RFC 8785 section 3.2.2.2.
  public static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { source in
      var copied = 0
      for (offset, byte) in source.enumerated() {
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied..<offset]))
        bytes.append(contentsOf: escape(byte))
        copied = offset + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends one character as it stands inside a canonical string.
  static func append(scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      let byte = UInt8(truncatingIfNeeded: scalar)
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes.append(contentsOf: escape(byte))
      } else {
        bytes.append(byte)
      }
    } else {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { buffer in
        guard let target = buffer.baseAddress else { return }
        let length = UTF8Sequence.write(scalar, to: target)
        bytes.append(contentsOf: buffer[..<length])
      }
    }
  }

  /// The escape of a control character, quote or backslash.
  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case 0x08: Array("\\b".utf8)
    case 0x09: Array("\\t".utf8)
    case 0x0A: Array("\\n".utf8)
    case 0x0C: Array("\\f".utf8)
    case 0x0D: Array("\\r".utf8)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
    default: Array("\\u00".utf8) + Array(Hex.encode([byte]).utf8)
    }
  }
}
