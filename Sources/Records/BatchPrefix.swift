/// The first twelve bytes of a batch's object id: the part of every record id that names its batch.
public struct BatchPrefix: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Bytes 0 to 7, big-endian.
  public let high: UInt64
  /// Bytes 8 to 11, big-endian.
  public let low: UInt32

  /// Length in bytes.
  public static let byteCount = 12

  /// A prefix from its two words.
  public init(high: UInt64, low: UInt32) {
    self.high = high
    self.low = low
  }

  /// The prefix of a batch's id.
  public init(of batch: ObjectID) {
    high = batch.word0
    low = UInt32(batch.word1 >> 32)
  }

  /// The 24 hex digits.
  public var hex: String {
    let bytes =
      withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: low.bigEndian, Array.init)
    return Hex.encode(bytes)
  }

  public var description: String { hex }

  public static func < (left: BatchPrefix, right: BatchPrefix) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}
