/// Finds the next byte of interest in text, eight bytes at a time.
///
/// A word's bytes are compared at once: in the word that a comparison returns, the lowest top bit set is that of
/// the first byte that matches (a borrow may set bits above it, never below). Swift's own vector masks are no
/// help here: `any(a .| b)` of `SIMD32` runs a byte at a time.
enum TextScan {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The offset of the first quote, backslash or control character at or after `start`, or the count.
  static func endOfPlainText(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = text.baseAddress else { return start }
    return first(base, from: start, to: text.count) { word in
      equal(word, UInt8(ascii: "\"")) | equal(word, UInt8(ascii: "\\")) | below(word, 0x20)
    }
  }

  /// The first offset within `start..<end` whose byte `matches`, or `end`.
  /// - Parameter matches: combines ``equal(_:_:)`` and ``below(_:_:)`` of a word of eight bytes with `|`.
  @inline(__always)
  static func first(
    _ base: UnsafeRawPointer, from start: Int, to end: Int, _ matches: (UInt64) -> UInt64
  ) -> Int {
    var position = start
    while position &+ 8 <= end {
      let found = matches(UInt64(littleEndian: (base + position).loadUnaligned(as: UInt64.self)))
      if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
      position &+= 8
    }
    while position < end {
      if matches(ones &* UInt64((base + position).load(as: UInt8.self))) != 0 { return position }
      position &+= 1
    }
    return end
  }

  /// Marks the bytes of a word that are this one.
  @inline(__always)
  static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
    let difference = word ^ (ones &* UInt64(byte))
    return (difference &- ones) & ~difference & tops
  }

  /// Marks the bytes of a word that are below a limit of at most 0x80.
  @inline(__always)
  static func below(_ word: UInt64, _ limit: UInt8) -> UInt64 {
    (word &- (ones &* UInt64(limit))) & ~word & tops
  }

  /// Marks the bytes of a word above 0x7F.
  @inline(__always)
  static func wide(_ word: UInt64) -> UInt64 { word & tops }
}
