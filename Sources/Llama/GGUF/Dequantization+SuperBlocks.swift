/// Blocks of 256 elements in parts of 32 or 16, whose own scales are stored in a few bits.
extension Dequantization {
  /// scale of scales, scale of minima, 12 bytes with eight of each in six bits, 128 bytes of nibbles: (d s) q - (dmin m).
  static func q4K(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    for part in 0..<8 {
      let (s, m) = scaleAndMinimum(block + 4, part)
      let (d, low) = (scale * Float(s), minimum * Float(m))
      let nibbles = block + 16 + part / 2 * 32
      for index in 0..<32 {
        let pair = byte(nibbles, index)
        to[part * 32 + index] = d * Float(part & 1 == 0 ? pair & 15 : pair >> 4) - low
      }
    }
  }

  /// The same with 32 bytes of fifth bits before the nibbles: bit `part` of byte i belongs to element i of the part.
  static func q5K(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    for part in 0..<8 {
      let (s, m) = scaleAndMinimum(block + 4, part)
      let (d, low) = (scale * Float(s), minimum * Float(m))
      let nibbles = block + 48 + part / 2 * 32
      for index in 0..<32 {
        let pair = byte(nibbles, index)
        let fifth = (byte(block, 16 + index) >> part) & 1
        to[part * 32 + index] = d * Float((part & 1 == 0 ? pair & 15 : pair >> 4) | fifth << 4) - low
      }
    }
  }

  /// 128 bytes of low nibbles, 64 bytes of upper pairs of bits, 16 signed scales, a scale of them: (d s) (q - 32).
  static func q6K(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let scale = half(block + 208)
    for part in 0..<8 {
      // Four parts share 64 bytes of nibbles and 32 of upper bits.
      let (half, quarter) = (part / 4, part % 4)
      let nibbles = block + half * 64 + quarter % 2 * 32
      let upper = block + 128 + half * 32
      for index in 0..<32 {
        let pair = byte(nibbles, index)
        let low = quarter < 2 ? pair & 15 : pair >> 4
        let high = (byte(upper, index) >> (2 * quarter)) & 3
        let d = scale * Float(Int8(bitPattern: byte(block, 192 + part * 2 + index / 16)))
        to[part * 32 + index] = d * Float(Int(low | high << 4) - 32)
      }
    }
  }

  /// Six bits each: the first four parts have theirs in a byte, the others' upper two bits lie in those bytes' tops.
  private static func scaleAndMinimum(_ packed: UnsafeRawPointer, _ part: Int) -> (UInt8, UInt8) {
    if part < 4 { return (byte(packed, part) & 63, byte(packed, part + 4) & 63) }
    let pair = byte(packed, part + 4)
    return (pair & 15 | (byte(packed, part - 4) >> 6) << 4, pair >> 4 | (byte(packed, part) >> 6) << 4)
  }
}
