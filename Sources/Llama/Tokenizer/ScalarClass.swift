/// What the patterns of pre-tokenizers tell apart: `\p{L}`, `\p{N}`, `\s` and everything else.
enum ScalarClass: UInt8 {
  case other, letter, number, space

  /// The version of Unicode that the patterns of Hugging Face tokenizers 0.23 know (their Oniguruma's).
  private static let newestUnicode = 16

  /// Classes of the ASCII characters.
  private static let ascii: [ScalarClass] = (UInt8(0)..<128).map { byte in
    switch byte {
    case 0x41...0x5A, 0x61...0x7A: .letter
    case 0x30...0x39: .number
    case 0x09...0x0D, 0x20: .space
    default: .other
    }
  }

  /// The class of the scalar that begins at `position` of valid UTF-8, and where the next one begins.
  @inline(__always)
  static func read(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (ScalarClass, next: Int) {
    let byte = text[position]
    if byte < 0x80 { return (ascii[Int(byte)], position + 1) }
    let (scalar, next) = decode(text, at: position)
    return (of(scalar), next)
  }

  /// The non-ASCII scalar that begins at `position` of valid UTF-8.
  static func decode(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (Unicode.Scalar, next: Int) {
    let lead = text[position]
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead & (0x7F >> UInt8(length)))
    for offset in 1..<length { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", position + length)
  }

  /// Whether the scalar that begins at `position` is a number of any kind, and where the next one begins.
  ///
  /// Like Rust's `char::is_numeric`, which the Digits step of Hugging Face uses: one version of Unicode ahead of the patterns.
  static func readNumeric(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (Bool, next: Int) {
    let byte = text[position]
    if byte < 0x80 { return (ascii[Int(byte)] == .number, position + 1) }
    let (scalar, next) = decode(text, at: position)
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return (true, next)
    default: return (false, next)
    }
  }

  /// Whether the reference knows the character. A newer one is unassigned to it; any answer would do, but it must be the same.
  static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.age.map { $0.major <= newestUnicode } ?? true
  }

  /// The class of a scalar.
  static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
    let properties = scalar.properties
    guard isKnown(scalar) else { return .other }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return properties.isWhitespace ? .space : .other
    }
  }
}
