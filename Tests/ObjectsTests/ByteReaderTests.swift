import Testing

@testable import Objects

@Suite struct ByteReaderTests {
  private func number(_ bytes: [UInt8]) throws(Damage) -> Int {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(Damage) in
      var reader = ByteReader(buffer)
      return try reader.number(limit: 1 << 26)
    }
  }

  private func take(_ count: Int, of bytes: [UInt8]) throws(Damage) -> [UInt8] {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(Damage) in
      var reader = ByteReader(buffer)
      return [UInt8](try reader.take(count))
    }
  }

  @Test(arguments: [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 26, (1 << 26) - 1])
  func numbersRoundTrip(value: Int) throws {
    var bytes: [UInt8] = []
    bytes.append(number: value)
    #expect(try number(bytes) == value)
    for cut in 0..<bytes.count {
      #expect(throws: Damage(offset: cut, reason: "cut off")) { try number(Array(bytes[..<cut])) }
    }
  }

  @Test(arguments: [
    [0x80, 0x00], [0xff, 0x80, 0x00], [UInt8](repeating: 0xff, count: 12), [0x80, 0x80, 0x80, 0x80, 0x7f],
  ])
  func badNumbersAreRefused(bytes: [UInt8]) { #expect(throws: Damage.self) { try number(bytes) } }

  @Test func takingIsBounded() throws {
    #expect(try take(2, of: [1, 2, 3]) == [1, 2])
    #expect(try take(0, of: []) == [])
    for count in [4, .max, -1, .min] { #expect(throws: Damage.self) { try take(count, of: [1, 2, 3]) } }
  }

  @Test func rangesAreCutToWhatThereIs() {
    let bytes: [UInt8] = [1, 2, 3]
    bytes.withUnsafeBytes { buffer in
      for (start, end) in [(-5, 99), (99, 100), (2, 1), (Int.max, Int.max), (.min, .min)] {
        let reader = ByteReader(buffer, from: start, to: end)
        #expect(reader.offset >= 0 && reader.offset <= reader.end && reader.end <= buffer.count)
      }
    }
  }
}
