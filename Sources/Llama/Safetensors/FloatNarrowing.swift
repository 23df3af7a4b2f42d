/// Floats in sixteen bits, rounded to the nearest, ties to even.
enum FloatNarrowing {
  /// Half precision. A finite number beyond its range becomes infinite: callers refuse that.
  static func half(_ value: Float) -> UInt16 { Float16(value).bitPattern }

  /// The upper half of a float. A NaN stays one: rounding its mantissa up could make it an infinity.
  static func brain(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }

  /// Converts through a block that stays in the cache; gives the bytes of each block to `write`, lowest byte first.
  static func write(
    _ elements: UnsafeBufferPointer<Float>, _ convert: (Float) -> UInt16,
    to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let block = 1 << 15
    try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: min(block, max(elements.count, 1))) {
      words in
      var done = 0
      while done < elements.count {
        let count = min(block, elements.count - done)
        for index in 0..<count { words[index] = convert(elements[done + index]).littleEndian }
        try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(words)[..<(2 * count)]))
        done += count
      }
    }
  }

  /// The place of the first finite element that half precision cannot hold, or nil.
  static func firstBeyondHalf(_ elements: UnsafeBufferPointer<Float>) -> Int? {
    elements.firstIndex { $0.isFinite && !Float16($0).isFinite }
  }
}
