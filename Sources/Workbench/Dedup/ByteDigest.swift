/// 128 bits that follow from bytes: equal for equal ones, and by chance for no others. Not for those whom somebody forges,
/// which is what an object's id is for and costs ten times as much.
struct ByteDigest: Hashable, Sendable {
  private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var high: UInt64 = 0xC2B2_AE3D_27D4_EB4F

  init(of bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 16 <= bytes.count {
      add(
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      offset += 16
    }
    var rest: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &rest) { $0.copyBytes(from: bytes[offset...]) }
    add(rest.0, rest.1)
    add(UInt64(bytes.count), 0)
  }

  /// The product's halves together depend on every bit of both factors.
  @inline(__always)
  private mutating func add(_ one: UInt64, _ other: UInt64) {
    let (first, second) = (
      (low ^ one).multipliedFullWidth(by: other ^ 0xD6E8_FEB8_6659_FD93),
      (high ^ other).multipliedFullWidth(by: one ^ 0xA076_1D64_78BD_642F)
    )
    low = first.high ^ first.low ^ other
    high = second.high ^ second.low ^ one
  }
}
