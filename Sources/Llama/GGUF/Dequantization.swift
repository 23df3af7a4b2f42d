/// Stored elements as floats, rounded after every operation as the `gguf` package does, so that the bits are the same.
///
/// Source: `ggml-common.h` and `ggml-quants.c` of ggml for the blocks.
enum Dequantization {
  /// Reads whole blocks of `type`; `target` has exactly as many elements as `source` holds.
  static func read(
    _ source: UnsafeRawBufferPointer, as type: GGUFTensorType, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    switch type {
    case .float32: words(from, to, target.count) { Float(bitPattern: $0) }
    case .float16: words(from, to, target.count) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: words(from, to, target.count) { Float(bitPattern: UInt32($0 as UInt16) << 16) }
    case .q4_0: blocks(type, from, to, target.count, q4_0)
    case .q4_1: blocks(type, from, to, target.count, q4_1)
    case .q5_0: blocks(type, from, to, target.count, q5_0)
    case .q5_1: blocks(type, from, to, target.count, q5_1)
    case .q8_0: blocks(type, from, to, target.count, q8_0)
    case .q4K: blocks(type, from, to, target.count, q4K)
    case .q5K: blocks(type, from, to, target.count, q5K)
    case .q6K: blocks(type, from, to, target.count, q6K)
    }
  }

  private static func words<Word: FixedWidthInteger>(
    _ from: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>, _ count: Int, _ convert: (Word) -> Float
  ) {
    let width = Word.bitWidth / 8
    for index in 0..<count {
      to[index] = convert(
        Word(littleEndian: from.loadUnaligned(fromByteOffset: index * width, as: Word.self)))
    }
  }

  private static func blocks(
    _ type: GGUFTensorType, _ from: UnsafeRawPointer, _ to: UnsafeMutablePointer<Float>, _ count: Int,
    _ decode: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
  ) {
    for block in 0..<count / type.blockElements {
      decode(from + block * type.blockBytes, to + block * type.blockElements)
    }
  }

  /// A half-precision number.
  static func half(_ from: UnsafeRawPointer) -> Float {
    Float(Float16(bitPattern: UInt16(littleEndian: from.loadUnaligned(as: UInt16.self))))
  }
}
