/// Puts the checksum right that ends the header of a segment, as `SegmentLayout` and `NGramSegmentLayout` describe it, so that
/// what lies behind the header is reached.
enum SegmentSeal {
  /// - Parameter end: where the checksum stands, which is taken of all before it.
  static func seal(_ bytes: inout [UInt8], at end: Int) {
    guard end + 8 <= bytes.count else { return }
    var state = UInt64(end) ^ 0x9E37_79B9_7F4A_7C15
    func step(_ value: UInt64) {
      let product = (state ^ value) &* 0xBF58_476D_1CE4_E5B9
      state = product ^ product >> 32
    }
    for word in 0..<end / 8 { step(number(bytes, 8 * word, 8)) }
    for place in end / 8 * 8..<end { step(UInt64(bytes[place])) }
    for place in 0..<8 { bytes[end + place] = UInt8(truncatingIfNeeded: state >> UInt64(8 * place)) }
  }

  /// A little-endian number of some bytes.
  static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
