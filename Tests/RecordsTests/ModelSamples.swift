@testable import Records

extension SplitMix64 {
  /// Text with everything canonical JSON treats specially: escapes, control characters, NFC and NFD, characters
  /// above U+FFFF and the private use area, which sorts after them in UTF-16.
  mutating func text(upTo count: Int = 40) -> String {
    let pieces = [
      "a", "Z", " ", "\"", "\\", "/", "\n", "\r", "\t", "\u{1}", "\u{1f}", "\u{7f}", "\u{8}", "\u{c}", "é",
      "e\u{301}",
      "\u{2028}", "\u{e000}", "\u{ffff}", "😀", "患者", "0123456789abcdef0123456789abcdef",
    ]
    return (0..<Int.random(in: 0...count, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }
      .joined()
  }

  /// A JSON value of a few levels.
  mutating func json(depth: Int = 2) -> JSONValue {
    switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &self) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &self))
    case 2: return .number(Double(Int.random(in: -1000...1000, using: &self)) / 8)
    case 3, 4: return .string(text(upTo: 6))
    case 5: return .array((0..<Int.random(in: 0...3, using: &self)).map { _ in json(depth: depth - 1) })
    default:
      return .object(
        (0..<Int.random(in: 0...3, using: &self)).map { JSONMember("k\($0)", json(depth: depth - 1)) })
    }
  }

  mutating func flip(_ chance: Double) -> Bool { Double.random(in: 0..<1, using: &self) < chance }
}

extension String {
  init(utf8 bytes: [UInt8]) { self.init(decoding: bytes, as: UTF8.self) }
}

/// A digest of one repeated byte.
func sampleID(_ byte: UInt8) -> ObjectID {
  ObjectID(hex: Hex.encode(Array(repeating: byte, count: 32))) ?? ObjectID.zeroForTests
}

extension ObjectID {
  fileprivate static var zeroForTests: ObjectID {
    withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
      buffer.initializeMemory(as: UInt8.self, repeating: 0)
      return ObjectID(loading: UnsafeRawBufferPointer(buffer))
    }
  }
}
