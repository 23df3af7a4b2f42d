/// A text cut into what a word diff compares: runs of white space, words, and each character of the scripts that put no
/// space between words. No character is cut in two: what Unicode attaches to the one before stays with it.
struct WordTokens {
  private let bytes: [UInt8]
  /// Where each token ends.
  private let ends: [Int]

  private enum Kind { case space, word, single }

  init(_ text: String) {
    bytes = Array(text.utf8)
    var ends: [Int] = []
    var last: Kind?
    var position = 0
    for scalar in text.unicodeScalars {
      let value = scalar.value
      if value < 0x300 || !Self.isAttached(scalar) {
        let kind = Self.kind(value)
        if let last, kind != last || kind == .single { ends.append(position) }
        last = kind
      } else if last == nil {
        last = .word
      }
      position += UTF8.width(scalar)
    }
    if position > 0 { ends.append(position) }
    self.ends = ends
  }

  var count: Int { ends.count }

  subscript(token: Int) -> ArraySlice<UInt8> { bytes[start(token)..<ends[token]] }

  func text(_ tokens: Range<Int>) -> String {
    String(decoding: bytes[start(tokens.lowerBound)..<ends[tokens.upperBound - 1]], as: UTF8.self)
  }

  func isSpace(_ token: Int) -> Bool {
    let byte = bytes[start(token)]
    return byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private func start(_ token: Int) -> Int { token == 0 ? 0 : ends[token - 1] }

  private static func kind(_ value: UInt32) -> Kind {
    switch value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
      .space
    case 0..<0x0E01: .word
    // Thai, Lao, Myanmar, Khmer.
    case 0x0E01...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: .single
    // Chinese characters, kana and their punctuation.
    case 0x2E80...0x2FFF, 0x3001...0x312F, 0x31A0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
      0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF9F, 0x1B000...0x1B16F,
      0x20000...0x3FFFF:
      .single
    default: .word
    }
  }

  /// Whether a character belongs to the one before it: combining and spacing marks, joiners, variation selectors
  /// (Unicode TR 29, rules GB9 and GB9a).
  private static func isAttached(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0xAC00...0xD7A3: return false
    case 0x0E33, 0x0EB3: return true
    default:
      let properties = scalar.properties
      return properties.isGraphemeExtend || scalar.value == 0x200D
        || properties.generalCategory == .spacingMark
    }
  }
}
