/// How a string is spelled in the source, so that a writer knows whether its bytes can be taken as they are.
struct Spelling: OptionSet {
  let rawValue: UInt8
  /// Has escapes of any kind.
  static let escaped = Spelling(rawValue: 1)
  /// Has bytes above 0x7F.
  static let wide = Spelling(rawValue: 2)
  /// Has characters above U+007F written as lower-case `\uXXXX`, as an ASCII-only writer does.
  static let wideEscaped = Spelling(rawValue: 4)
  /// Has an escape that neither RFC 8785 nor an ASCII-only writer would choose: `\/`, `\u0041`, `\u00E9`.
  static let odd = Spelling(rawValue: 8)

  /// True when the bytes between the quotes are what RFC 8785 writes.
  @inline(__always)
  var isCanonical: Bool { isDisjoint(with: [.wideEscaped, .odd]) }
  /// True when the bytes between the quotes are what an ASCII-only writer in lower case writes.
  @inline(__always)
  var isASCII: Bool { isDisjoint(with: [.wide, .odd]) }
}

/// A string in the source: the bytes between its quotes.
struct StringSpan {
  let start: Int
  let end: Int
  let spelling: Spelling
  @inline(__always)
  var count: Int { end - start }
}

extension ByteScanner {
  /// Validates the string whose opening quote is under the cursor, and moves behind its closing quote.
  mutating func string() throws(ScanFailure) -> StringSpan {
    let start = at + 1
    at = start
    var spelling: Spelling = []
    while true {
      skipPlainBytes()
      guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "a string"), at: end) }
      let byte = base[at]
      switch byte {
      case UInt8(ascii: "\""):
        guard at - start <= limits.stringBytes else {
          throw ScanFailure(.stringTooLong(limit: limits.stringBytes), at: start - 1)
        }
        at += 1
        return StringSpan(start: start, end: at - 1, spelling: spelling)
      case UInt8(ascii: "\\"):
        try escape(&spelling)
      case 0x80...:
        spelling.insert(.wide)
        try wideCharacters()
      case ..<0x20:
        throw ScanFailure(byte == 0 ? .nulCharacter : .controlCharacter(byte), at: at)
      default:
        at += 1
      }
    }
  }

  /// Moves to the next quote, backslash, control character or byte above 0x7F, eight bytes at a time; near the
  /// end it may stop earlier.
  @inline(__always)
  mutating func skipPlainBytes() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = at
    while position &+ 8 <= end {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
      // A byte's top bit comes out set when it is >= 0x80, < 0x20, a quote or a backslash. A borrow can only
      // start at such a byte, so the lowest set bit is exact.
      let quote = (word ^ (ones &* 0x22)) &- ones
      let backslash = (word ^ (ones &* 0x5C)) &- ones
      let special = (word | (word &- (ones &* 0x20)) | quote | backslash) & (ones &* 0x80)
      if special != 0 {
        at = position &+ (special.trailingZeroBitCount &>> 3)
        return
      }
      position &+= 8
    }
    at = position
  }

  /// Checks the escape whose backslash is under the cursor and moves behind it.
  private mutating func escape(_ spelling: inout Spelling) throws(ScanFailure) {
    spelling.insert(.escaped)
    guard at + 1 < end else { throw ScanFailure(.unexpectedEnd(inside: "a string"), at: end) }
    switch base[at + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"),
      UInt8(ascii: "b"), UInt8(ascii: "f"):
      at += 2
    case UInt8(ascii: "/"):
      spelling.insert(.odd)
      at += 2
    case UInt8(ascii: "u"):
      let start = at
      let unit = try hexUnit(&spelling)
      switch unit {
      case 0: throw ScanFailure(.nulCharacter, at: start)
      case 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x20..<0x80: spelling.insert(.odd)
      case ..<0x20: break
      case 0xD800..<0xDC00:
        guard at + 1 < end, base[at] == UInt8(ascii: "\\"), base[at + 1] == UInt8(ascii: "u") else {
          if at >= end || (at + 1 >= end && base[at] == UInt8(ascii: "\\")) {
            throw ScanFailure(.unexpectedEnd(inside: "a string"), at: end)
          }
          throw ScanFailure(.loneSurrogate, at: start)
        }
        let low = try hexUnit(&spelling)
        guard low >= 0xDC00, low < 0xE000 else { throw ScanFailure(.loneSurrogate, at: start) }
        spelling.insert(.wideEscaped)
      case 0xDC00..<0xE000: throw ScanFailure(.loneSurrogate, at: start)
      default: spelling.insert(.wideEscaped)
      }
    default: throw ScanFailure(.invalidEscape, at: at)
    }
  }

  /// Reads the `\uXXXX` under the cursor and moves behind it.
  private mutating func hexUnit(_ spelling: inout Spelling) throws(ScanFailure) -> UInt32 {
    var unit: UInt32 = 0
    for offset in at + 2..<at + 6 {
      guard offset < end else { throw ScanFailure(.unexpectedEnd(inside: "a string"), at: end) }
      let digit = base[offset]
      guard let value = Hex.value(of: digit) else { throw ScanFailure(.invalidUnicodeEscape, at: at) }
      if digit >= UInt8(ascii: "A") && digit <= UInt8(ascii: "F") { spelling.insert(.odd) }
      unit = unit << 4 | UInt32(value)
    }
    at += 6
    return unit
  }

  /// Checks the run of characters above U+007F under the cursor (Unicode 15, table 3-7) and moves behind it.
  private mutating func wideCharacters() throws(ScanFailure) {
    while at < end, base[at] >= 0x80 {
      let length = UTF8Sequence.length(base + at, available: end - at)
      guard length > 0 else { throw ScanFailure(.invalidUTF8, at: at) }
      at += length
    }
  }
}
