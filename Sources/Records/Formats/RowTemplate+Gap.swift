import Glibc

extension RowTemplate {
  /// The name of a slot's column.
  func name(of slot: Int) -> [UInt8] {
    let name = slots[slot].name
    return Array(literals[name.start..<name.start + name.count])
  }

  /// True when a row without an input has the column all the same, as an empty string.
  var writesEmptyInput: Bool { slots.contains { $0.role == .input && $0.isEmptyWhenAbsent } }

  /// Whether the bytes before a row are the layout's separator.
  @inline(__always)
  func isSeparator(_ base: UnsafePointer<UInt8>, _ row: RawRow) -> Bool {
    row.start - row.gapStart == separator.count
      && separator.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { memcmp($0, base + row.gapStart, buffer.count) == 0 } ?? true
      }
  }
}

extension RawChunk {
  /// True for every row but the first of the file, which the layout's prefix precedes.
  @inline(__always)
  func isFollowing(_ row: RawRow) -> Bool { firstRow > 1 || row.start != rows[0].start }

  /// A malformed row with its place in the source.
  func rejected(_ row: RawRow, _ base: UnsafePointer<UInt8>, _ fault: RowFault) -> RejectedRow {
    RejectedRow(row, base, byteOffset: byteOffset, fault)
  }
}

extension RejectedRow {
  /// A malformed row of the bytes at `base`, whose offset in the source is `byteOffset`.
  init(_ row: RawRow, _ base: UnsafePointer<UInt8>, byteOffset: Int, _ fault: RowFault) {
    var line = row.line
    var column = row.column
    for offset in row.start..<max(row.start, min(fault.byte, row.end)) {
      column += 1
      if base[offset] == UInt8(ascii: "\n") {
        line += 1
        column = 1
      }
    }
    let text = UnsafeBufferPointer(start: base + row.start, count: row.end - row.start)
    self.init(
      line: line, column: column, byte: byteOffset + fault.byte, row: text, reason: fault.reason.message)
  }
}
