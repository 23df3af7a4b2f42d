/// A run of rows cut from a file but not yet read: plain bytes, safe to hand to another thread.
public struct RawChunk: Sendable {
  /// The source bytes that hold the rows; may go on behind the last row.
  public let bytes: [UInt8]
  /// Where the rows are.
  public let rows: [RawRow]
  /// The number of the first row, from 1.
  public var firstRow: Int
  /// The offset in the source of `bytes[0]`.
  public let byteOffset: Int
  /// Rows that were left out before or between these (only when the options say so).
  public let rejects: [RejectedRow]

  /// How many rows there are.
  public var count: Int { rows.count }

  init(bytes: [UInt8], rows: [RawRow], firstRow: Int, byteOffset: Int, rejects: [RejectedRow] = []) {
    self.bytes = bytes
    self.rows = rows
    self.firstRow = firstRow
    self.byteOffset = byteOffset
    self.rejects = rejects
  }
}

/// Where one row is in its chunk's bytes.
public struct RawRow: Sendable, Equatable {
  /// Where the bytes between the row before and this one begin.
  public var gapStart: Int
  /// The row's first byte.
  public var start: Int
  /// Behind the row's last byte.
  public var end: Int
  /// The source line the row begins on, from 1.
  public var line: Int
  /// The column of that line it begins in, from 1, in bytes.
  public var column: Int

  init(gapStart: Int, start: Int, end: Int, line: Int, column: Int) {
    self.gapStart = gapStart
    self.start = start
    self.end = end
    self.line = line
    self.column = column
  }

  /// The same row after the bytes before `offset` were dropped.
  func moved(by offset: Int) -> RawRow {
    RawRow(gapStart: gapStart - offset, start: start - offset, end: end - offset, line: line, column: column)
  }
}

/// A row that could not be read, and why.
public struct RejectedRow: Sendable, Equatable, CustomStringConvertible {
  /// The source line of the fault, from 1.
  public let line: Int
  /// Its column, from 1, in bytes of the line.
  public let column: Int
  /// Its offset from the start of the source, from 0.
  public let byte: Int
  /// The row's text, cut to 200 bytes, with bytes that are no UTF-8 shown as U+FFFD.
  public let text: String
  /// What is wrong, in words a person can act on.
  public let reason: String

  /// The longest `text` in bytes.
  public static let longestText = 200

  init(line: Int, column: Int, byte: Int, row: UnsafeBufferPointer<UInt8>, reason: String) {
    self.line = line
    self.column = column
    self.byte = byte
    self.text = String(decoding: row.prefix(Self.longestText), as: UTF8.self)
    self.reason = reason
  }

  /// The place and the reason in one line.
  public var description: String { "line \(line), column \(column) (byte \(byte)): \(reason)" }
}
