/// Reads the characters of UTF-8 that may be damaged.
enum UTF8Decoding {
  /// The scalar at `position`, which is before `end`, and where the next one begins. A byte that begins no well-formed
  /// sequence (Unicode Standard, table 3-7) is U+FFFD by itself.
  @inline(__always)
  static func scalar(
    _ text: UnsafePointer<UInt8>, at position: Int, end: Int
  ) -> (value: UInt32, next: Int) {
    let lead = text[position]
    if lead < 0x80 { return (UInt32(lead), position &+ 1) }
    return wide(text, at: position, end: end, lead: lead)
  }

  private static func wide(
    _ text: UnsafePointer<UInt8>, at position: Int, end: Int, lead: UInt8
  ) -> (value: UInt32, next: Int) {
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard 0xC2...0xF4 ~= lead, end - position >= length else { return (0xFFFD, position + 1) }
    var value = UInt32(lead & (0x7F >> UInt8(length)))
    for offset in 1..<length {
      let byte = text[position + offset]
      guard byte & 0xC0 == 0x80 else { return (0xFFFD, position + 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let isWellFormed =
      switch length {
      case 2: true
      case 3: value >= 0x800 && value & 0xF800 != 0xD800
      default: 0x10000...0x10FFFF ~= value
      }
    return isWellFormed ? (value, position + length) : (0xFFFD, position + 1)
  }
}
