/// Blocks of 32 elements with one scale: the low nibbles are the first sixteen elements, the high ones the others.
extension Dequantization {
  /// scale, 16 bytes of nibbles: d (q - 8).
  static func q4_0(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let scale = half(block)
    for index in 0..<16 {
      let pair = byte(block, 2 + index)
      to[index] = scale * Float(Int(pair & 15) - 8)
      to[index + 16] = scale * Float(Int(pair >> 4) - 8)
    }
  }

  /// scale, minimum, 16 bytes of nibbles: d q + m.
  static func q4_1(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    for index in 0..<16 {
      let pair = byte(block, 4 + index)
      to[index] = scale * Float(pair & 15) + minimum
      to[index + 16] = scale * Float(pair >> 4) + minimum
    }
  }

  /// scale, 32 fifth bits, 16 bytes of nibbles: d (q - 16).
  static func q5_0(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let scale = half(block)
    let fifth = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
    for index in 0..<16 {
      let pair = byte(block, 6 + index)
      to[index] = scale * Float(Int(UInt32(pair & 15) | (fifth >> index & 1) << 4) - 16)
      to[index + 16] = scale * Float(Int(UInt32(pair >> 4) | (fifth >> (index + 16) & 1) << 4) - 16)
    }
  }

  /// scale, minimum, 32 fifth bits, 16 bytes of nibbles: d q + m.
  static func q5_1(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    let fifth = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    for index in 0..<16 {
      let pair = byte(block, 8 + index)
      to[index] = scale * Float(UInt32(pair & 15) | (fifth >> index & 1) << 4) + minimum
      to[index + 16] = scale * Float(UInt32(pair >> 4) | (fifth >> (index + 16) & 1) << 4) + minimum
    }
  }

  /// scale, 32 signed bytes: d q.
  static func q8_0(_ block: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>) {
    let scale = half(block)
    for index in 0..<32 { to[index] = scale * Float(Int8(bitPattern: byte(block, 2 + index))) }
  }

  static func byte(_ block: UnsafeRawPointer, _ offset: Int) -> UInt8 {
    block.load(fromByteOffset: offset, as: UInt8.self)
  }
}
