/// Tells whether bytes are those that were written; against accidents, not against somebody who forges them.
enum SegmentChecksum {
  /// Each step maps states one to one, so a difference in one place is never lost.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: bytes.count) ^ 0x9E37_79B9_7F4A_7C15
    let words = bytes.count / 8
    for word in 0..<words {
      state = step(
        state ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)))
    }
    for place in 8 * words..<bytes.count { state = step(state ^ UInt64(bytes[place])) }
    return state
  }

  private static func step(_ state: UInt64) -> UInt64 {
    let product = state &* 0xBF58_476D_1CE4_E5B9
    return product ^ product >> 32
  }
}
