/// Finds where rows begin and end without reading them.
protocol RowCutter {
  /// The offset in the source behind the last row found; 0 before the first.
  var rowEnd: Int { get }

  /// Looks for rows behind the last one found, until there are `limit` in `rows` or the bytes are used up.
  ///
  /// `bytes` is what is in memory now; it begins at the offset `byteOffset` of the source, and rows are given as
  /// offsets in it. Returns false when no further row can come.
  mutating func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, byteOffset: Int, isEnd: Bool, limit: Int, into rows: inout [RawRow]
  ) throws(CutFault) -> Bool
}

/// The bytes around the rows are malformed, so that no further row can be found.
struct CutFault: Error {
  let reason: RowFault.Reason
  let line: Int
  let column: Int
  /// The offset in the window.
  let byte: Int
}
