/// Runs of ASCII letters and digits, found eight bytes at a time.
enum ASCIIRun {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The bits that put eight letters in lower case and leave digits as they are.
  static let lowering: UInt64 = 0x2020_2020_2020_2020

  /// The eight bytes at `position`, the first in the lowest bits; zeros stand for what is past the end.
  @inline(__always)
  static func load(_ text: UnsafePointer<UInt8>, at position: Int, end: Int) -> UInt64 {
    if position &+ 8 <= end {
      return UInt64(littleEndian: UnsafeRawPointer(text + position).loadUnaligned(as: UInt64.self))
    }
    var word: UInt64 = 0
    var shift: UInt64 = 0
    for place in position..<end {
      word |= UInt64(text[place]) << shift
      shift &+= 8
    }
    return word
  }

  /// Sets the top bit of each byte that is neither an ASCII letter nor a digit.
  @inline(__always)
  static func stops(_ word: UInt64) -> UInt64 {
    let low = word & ~tops
    let folded = low | lowering
    // Adding brings the top bit up from a byte's value on; no sum leaves its byte.
    let letter = (folded &+ ones &* (0x80 - 0x61)) & ~(folded &+ ones &* (0x7F - 0x7A))
    let digit = (low &+ ones &* (0x80 - 0x30)) & ~(low &+ ones &* (0x7F - 0x39))
    return (~(letter | digit) | word) & tops
  }

  /// Where the run that covers `position` ends.
  @inline(__always)
  static func end(_ text: UnsafePointer<UInt8>, from position: Int, end: Int) -> Int {
    var place = position
    while place < end {
      let stops = stops(load(text, at: place, end: end))
      if stops != 0 { return min(end, place &+ stops.trailingZeroBitCount &>> 3) }
      place &+= 8
    }
    return end
  }

  /// The first `count` bytes of a word, 1 to 8, in lower case; they are letters and digits. The rest is zero.
  @inline(__always)
  static func lowered(_ word: UInt64, count: Int) -> UInt64 {
    (word | lowering) & (UInt64.max &>> UInt64(64 &- 8 &* count))
  }

  @inline(__always)
  static func isMember(_ byte: UInt8) -> Bool {
    0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte
  }
}
