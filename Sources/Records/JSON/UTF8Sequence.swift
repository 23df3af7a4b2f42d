/// Well-formed UTF-8 byte sequences (Unicode standard, table 3-7: no overlong forms, no surrogates, at most
/// U+10FFFF).
enum UTF8Sequence {
  /// The length, 1 to 4, of the well-formed sequence at `bytes`, of which `available` (at least 1) may be read;
  /// 0 when it is ill-formed or cut off.
  @inline(__always)
  static func length(_ bytes: UnsafePointer<UInt8>, available: Int) -> Int {
    let lead = bytes[0]
    if lead < 0x80 { return 1 }
    if lead < 0xE0 {
      guard lead >= 0xC2, available >= 2, isContinuation(bytes[1]) else { return 0 }
      return 2
    }
    if lead < 0xF0 {
      guard available >= 3, isContinuation(bytes[1]), isContinuation(bytes[2]) else { return 0 }
      if lead == 0xE0 && bytes[1] < 0xA0 { return 0 }
      if lead == 0xED && bytes[1] > 0x9F { return 0 }
      return 3
    }
    guard lead <= 0xF4, available >= 4, isContinuation(bytes[1]), isContinuation(bytes[2]),
      isContinuation(bytes[3])
    else { return 0 }
    if lead == 0xF0 && bytes[1] < 0x90 { return 0 }
    if lead == 0xF4 && bytes[1] > 0x8F { return 0 }
    return 4
  }

  /// The scalar of a well-formed sequence of this length.
  @inline(__always)
  static func scalar(_ bytes: UnsafePointer<UInt8>, length: Int) -> UInt32 {
    switch length {
    case 1: UInt32(bytes[0])
    case 2: UInt32(bytes[0] & 0x1F) << 6 | UInt32(bytes[1] & 0x3F)
    case 3: UInt32(bytes[0] & 0x0F) << 12 | UInt32(bytes[1] & 0x3F) << 6 | UInt32(bytes[2] & 0x3F)
    default:
      UInt32(bytes[0] & 0x07) << 18 | UInt32(bytes[1] & 0x3F) << 12 | UInt32(bytes[2] & 0x3F) << 6
        | UInt32(bytes[3] & 0x3F)
    }
  }

  @inline(__always)
  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
