/// The hash by which the index finds rows by a column's value.
///
/// Not cryptographic: whoever looks a value up compares the row itself. Part of the index's version.
enum KeyHash {
  /// Eight bytes a step, each mixed by a multiplication whose halves are folded (as in wyhash, Wang Yi 2019).
  static func of(_ value: UnsafeRawBufferPointer) -> UInt64 {
    var hash = mix(0x9e37_79b9_7f4a_7c15, UInt64(truncatingIfNeeded: value.count) ^ 0xe703_7ed1_a0b4_28db)
    var offset = 0
    while offset &+ 8 <= value.count {
      let word = UInt64(littleEndian: value.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = mix(hash ^ word, 0xa076_1d64_78bd_642f)
      offset &+= 8
    }
    var word: UInt64 = 0
    while offset < value.count {
      word = word << 8 | UInt64(value[offset])
      offset &+= 1
    }
    return mix(hash ^ word, 0x8ebc_6af0_9c88_c6e3)
  }

  static func of(_ value: [UInt8]) -> UInt64 { value.withUnsafeBytes { of($0) } }

  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
