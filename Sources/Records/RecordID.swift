/// The stable name of one row: the batch that brought it and its row number there, counted from 1.
///
/// 16 bytes: twelve of the batch's object id, then the row, big-endian, so that ids order by batch and row and
/// a batch is one contiguous key range. A function of content only: the same import gives the same ids on any
/// machine. Written `3fa9c1e2:42`, with a unique prefix of the batch. An edit keeps the record id.
public struct RecordID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The batch's part.
  public let batch: BatchPrefix
  /// The row number, from 1.
  public let row: UInt32

  /// Length in bytes.
  public static let byteCount = 16

  /// A record of a batch.
  public init(batch: BatchPrefix, row: UInt32) {
    self.batch = batch
    self.row = row
  }

  /// The full written form: 24 hex digits, a colon, the row.
  public var description: String { "\(batch.hex):\(row)" }

  public static func < (left: RecordID, right: RecordID) -> Bool {
    left.batch != right.batch ? left.batch < right.batch : left.row < right.row
  }
}
