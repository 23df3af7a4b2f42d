import Testing

@testable import Llama

/// Blocks of every type against numbers worked out by hand; `oracles/` compares millions with the `gguf` package.
@Suite struct DequantizationTests {
  private func read(_ type: GGUFTensorType, _ block: [UInt8]) -> [Float] {
    #expect(block.count == type.blockBytes)
    var out = [Float](repeating: .nan, count: type.blockElements)
    block.withUnsafeBytes { from in
      out.withUnsafeMutableBufferPointer { Dequantization.read(from, as: type, into: $0) }
    }
    return out
  }

  private func half(_ value: Float16) -> [UInt8] { GGUFBytes.word(value.bitPattern) }

  @Test func plain() {
    #expect(read(.float32, GGUFBytes.word(Float(-1.5).bitPattern)) == [-1.5])
    #expect(read(.float16, half(0.1)) == [0.0999755859375])
    #expect(read(.bfloat16, [0xC0, 0x3F]) == [1.5])
  }

  @Test func blocksOf32() {
    let nibbles = (0..<16).map { UInt8($0 | (15 - $0) << 4) }
    let low = (0..<16).map { Float($0) }
    let high = low.reversed() as [Float]
    #expect(read(.q4_0, half(2) + nibbles) == (low + high).map { 2 * ($0 - 8) })
    #expect(read(.q4_1, half(2) + half(-3) + nibbles) == (low + high).map { 2 * $0 - 3 })
    // The fifth bit of elements 0 and 31 is set.
    let fifth = GGUFBytes.word(UInt32(0x8000_0001))
    var levels = low + high
    levels[0] += 16
    levels[31] += 16
    #expect(read(.q5_0, half(0.5) + fifth + nibbles) == levels.map { 0.5 * ($0 - 16) })
    #expect(read(.q5_1, half(0.5) + half(4) + fifth + nibbles) == levels.map { 0.5 * $0 + 4 })
    let signed = (0..<32).map { Int8($0 * 8 - 128) }
    let expected = signed.map { 0.25 * Float($0) }
    #expect(read(.q8_0, half(0.25) + signed.map { UInt8(bitPattern: $0) }) == expected)
  }

  @Test func blocksOf256() {
    // Parts 0 to 3 have scale 1 and minimum 2, parts 4 to 7 scale 0x21 and minimum 0x12.
    let scales: [UInt8] = [0x81, 0x81, 0x81, 0x81, 0x42, 0x42, 0x42, 0x42, 0x21, 0x21, 0x21, 0x21]
    let nibbles = [UInt8](repeating: 0xC3, count: 128)
    func expected(_ even: Float, _ odd: Float) -> [Float] {
      (0..<8).flatMap { part in
        let (scale, minimum): (Float, Float) = part < 4 ? (1, 2) : (33, 18)
        let level = part % 2 == 0 ? even : odd
        return [Float](repeating: 2 * scale * level - 0.5 * minimum, count: 32)
      }
    }
    #expect(read(.q4K, half(2) + half(0.5) + scales + nibbles) == expected(3, 12))
    // Bit 0 of every byte is the fifth bit of part 0, bit 7 that of part 7.
    let fifth = [UInt8](repeating: 0b1010_1010, count: 32)
    #expect(read(.q5K, half(2) + half(0.5) + scales + fifth + nibbles) == expected(3, 28))
    var six = [UInt8](repeating: 0x95, count: 128)
    six += [UInt8](repeating: 0b11_10_01_00, count: 64)
    six += (0..<16).map { UInt8(bitPattern: Int8($0 - 8)) }
    let levels: [Float] = [5 - 32, 5 + 16 - 32, 9 + 32 - 32, 9 + 48 - 32]
    let values = (0..<16).flatMap { part -> [Float] in
      let scale = 0.25 * Float(part - 8)
      return [Float](repeating: scale * levels[part / 2 % 4], count: 16)
    }
    #expect(read(.q6K, six + half(0.25)) == values)
  }

  /// Reading what was written as Q8_0 is at most half a step away, and a block of zeros stays one.
  @Test func q8RoundTrip() {
    var numbers = SeededNumbers(3)
    let values = numbers.floats(32)
    var block = [UInt8](repeating: 0, count: 34)
    values.withUnsafeBufferPointer { from in
      block.withUnsafeMutableBytes { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        Quantization.q8_0(source, to: target)
      }
    }
    let step = (values.map(abs).max() ?? 0) / 127
    for (value, back) in zip(values, read(.q8_0, block)) { #expect(abs(value - back) <= step * 0.53) }
    let zeros = [Float](repeating: 0, count: 32)
    zeros.withUnsafeBufferPointer { from in
      block.withUnsafeMutableBytes { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        Quantization.q8_0(source, to: target)
      }
    }
    #expect(read(.q8_0, block) == zeros)
  }
}
