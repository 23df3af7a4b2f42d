/// Floats as blocks of bytes with a scale.
enum Quantization {
  /// A Q8_0 block of 32 elements: the largest becomes ±127, ties round away from zero.
  ///
  /// Source: `Q8_0.quantize_blocks` of the `gguf` package, whose bytes are the same.
  static func q8_0(_ elements: UnsafePointer<Float>, to block: UnsafeMutableRawPointer) {
    var largest: Float = 0
    for index in 0..<32 { largest = max(largest, abs(elements[index])) }
    let scale = largest / 127
    let inverse = scale == 0 ? 0 : 1 / scale
    block.storeBytes(of: FloatNarrowing.half(scale).littleEndian, as: UInt16.self)
    for index in 0..<32 {
      let level = (elements[index] * inverse).rounded(.toNearestOrAwayFromZero)
      block.storeBytes(of: Int8(clamping: Int(level)), toByteOffset: 2 + index, as: Int8.self)
    }
  }

  /// Whether blocks can hold these elements: none is infinite or no number, and the scales stay in half precision.
  static func firstUnfit(_ elements: UnsafeBufferPointer<Float>) -> Int? {
    elements.firstIndex { !($0.magnitude <= 127 * 65_504) }
  }
}
