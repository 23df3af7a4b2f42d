/// Little-endian numbers at the end of bytes.
extension [UInt8] {
  mutating func append(little value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Zeros up to the next multiple of 8.
  mutating func align() { while count % 8 != 0 { append(0) } }
}

/// Little-endian numbers of bytes that nobody vouches for; every place was compared with the count before.
extension UnsafeRawBufferPointer {
  func little<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// A sum that differs for bytes that differ by accident: FNV-1a over words of 8 bytes, mixed. Zeros at the end count.
  func fingerprint() -> UInt64 {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(count)
    var offset = 0
    while offset + 8 <= count {
      sum = (sum ^ little(offset, as: UInt64.self)) &* 0x0000_0100_0000_01B3
      sum ^= sum >> 29
      offset += 8
    }
    while offset < count {
      sum = (sum ^ UInt64(self[offset])) &* 0x0000_0100_0000_01B3
      offset += 1
    }
    return sum ^ sum >> 32
  }
}
