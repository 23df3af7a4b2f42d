/// Counts how characters that may or may not be escaped are spelled, to tell a writer's habits.
struct EscapeEvidence {
  private var hasWide = false
  private var hasEscapedWide = false
  private var hasSlash = false
  private var hasEscapedSlash = false
  private var hasMarkup = false
  private var hasEscapedMarkup = false
  private var hasEscapedLineSeparator = false
  private var hasUpperDigit = false
  private var hasLowerDigit = false

  /// The habits seen. Without evidence only what JSON requires is escaped.
  var escaping: Escaping {
    let isASCII = hasEscapedWide && !hasWide
    return Escaping(
      isASCII: isASCII, slash: hasEscapedSlash && !hasSlash, markup: hasEscapedMarkup && !hasMarkup,
      lineSeparators: hasEscapedLineSeparator && !isASCII, upperCase: hasUpperDigit && !hasLowerDigit)
  }

  /// Looks at the bytes of a row. Outside of strings none of these characters can stand.
  mutating func look(at row: UnsafeBufferPointer<UInt8>) {
    var position = 0
    while position < row.count {
      switch row[position] {
      case UInt8(ascii: "\\"):
        escape(row, position)
        position += 1
      case UInt8(ascii: "/"): hasSlash = true
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): hasMarkup = true
      case 0x80...: hasWide = true
      default: break
      }
      position += 1
    }
  }

  private mutating func escape(_ row: UnsafeBufferPointer<UInt8>, _ position: Int) {
    guard position + 1 < row.count else { return }
    if row[position + 1] == UInt8(ascii: "/") { hasEscapedSlash = true }
    guard row[position + 1] == UInt8(ascii: "u"), position + 6 <= row.count else { return }
    var unit = 0
    for digit in row[position + 2..<position + 6] {
      unit = unit << 4 | Int(Hex.value(of: digit) ?? 0)
      if digit >= UInt8(ascii: "a") {
        hasLowerDigit = true
      } else if digit >= UInt8(ascii: "A") {
        hasUpperDigit = true
      }
    }
    switch unit {
    case 0x3C, 0x3E, 0x26: hasEscapedMarkup = true
    case 0x2028, 0x2029: hasEscapedLineSeparator = true
    case 0x80...: hasEscapedWide = true
    default: break
    }
  }
}
