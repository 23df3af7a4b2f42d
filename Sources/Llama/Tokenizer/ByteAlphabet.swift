/// The 256 characters that stand for bytes in the vocabulary of a byte-level tokenizer.
///
/// Source: GPT-2's `bytes_to_unicode`: printable Latin-1 bytes stand for themselves, the others for U+0100 and up.
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt32(0)..<256).map { byte in
      let printable = 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte
      defer { if !printable { next += 1 } }
      return Unicode.Scalar(printable ? byte : next) ?? " "
    }
  }()

  private static let bytes: [UInt16] = {
    var bytes = [UInt16](repeating: .max, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = UInt16(byte) }
    return bytes
  }()

  /// The bytes a token's text stands for, or nil when it has a character outside of the alphabet.
  static func decode(_ token: String) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(token.utf8.count)
    for scalar in token.unicodeScalars {
      guard scalar.value < 0x144, bytes[Int(scalar.value)] != .max else { return nil }
      decoded.append(UInt8(truncatingIfNeeded: bytes[Int(scalar.value)]))
    }
    return decoded
  }

  /// The text that stands for these bytes in a vocabulary.
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(scalars[Int(byte)]) }
    return String(text)
  }
}
