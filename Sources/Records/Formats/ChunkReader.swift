/// Cuts a source into chunks of rows, whatever the rows hold. Memory holds one chunk and what was read ahead of it.
struct ChunkReader {
  /// Rows in a chunk, but for the last.
  static let rowsPerChunk = 512
  /// How much of a source is read before anything is known of its rows.
  static let firstWindow = 1 << 18

  /// The bytes behind the last row, once all rows were cut; empty before.
  private(set) var suffix: [UInt8] = []
  /// Present when malformed rows are to be left out.
  var check: RowCheck?

  private var window: SourceWindow
  private var cutter: any RowCutter
  private var nextRow = 1
  private var hasMore = true
  /// Malformed rows that may lie among the rows of one chunk: they are kept in memory until it is full.
  private static let mostRejects = 1 << 14
  /// How much more is read at a time for a row that does not end, in bytes: doubling all the way would hold 48 MiB
  /// before a row is known to be longer than 16.
  private static let largestStep = 4 << 20
  /// How much of the window the last chunk took.
  private var consumed = 0
  private var windowSize = Self.firstWindow
  private let limits: JSONLimits

  /// - Parameter window: a source of which something was read.
  init(_ window: SourceWindow, _ cutter: any RowCutter, _ limits: JSONLimits) {
    self.window = window
    self.cutter = cutter
    self.limits = limits
  }

  /// A few rows from the beginning, without moving.
  mutating func firstRows(_ limit: Int) throws -> RawChunk {
    let start = cutter
    var rows: [RawRow] = []
    _ = try cut(limit, into: &rows)
    cutter = start
    return RawChunk(bytes: window.bytes, rows: rows, firstRow: 1, byteOffset: 0)
  }

  /// The next rows, or nil when there are no more.
  ///
  /// Throws ``ImportFailure/malformed(_:)`` when what surrounds the rows is broken, or whatever the source throws.
  mutating func next() throws -> RawChunk? {
    guard hasMore else { return nil }
    if consumed > 0 {
      try window.advance(by: consumed, thenFillTo: windowSize)
      consumed = 0
    }
    var rows: [RawRow] = []
    rows.reserveCapacity(Self.rowsPerChunk)
    var rejects: [RejectedRow] = []
    var rejectedBytes = 0
    repeat {
      let checked = rows.count
      hasMore = try cut(Self.rowsPerChunk, into: &rows)
      rejectedBytes += leaveOut(&rows, from: checked, &rejects)
      guard rejects.count <= Self.mostRejects, rejectedBytes <= 2 * limits.textBytes else {
        throw ImportFailure.hopeless(rejects.count, first: rejects[0])
      }
    } while hasMore && rows.count < Self.rowsPerChunk
    consumed = rows.last?.end ?? 0
    windowSize = max(Self.firstWindow, consumed + consumed / 8 + 1 << 14)
    if !hasMore { suffix = Array(window.bytes[(cutter.rowEnd - window.byteOffset)...]) }
    guard !rows.isEmpty || !rejects.isEmpty else { return nil }
    let chunk = RawChunk(
      bytes: window.bytes, rows: rows, firstRow: nextRow, byteOffset: window.byteOffset, rejects: rejects)
    nextRow += rows.count
    return chunk
  }

  /// Cuts until there are `limit` rows or the source ends, reading more as needed; false at the end.
  private mutating func cut(_ limit: Int, into rows: inout [RawRow]) throws -> Bool {
    while true {
      let (bytes, byteOffset, isEnd) = (window.bytes, window.byteOffset, window.isAtEnd)
      let outcome = bytes.withUnsafeBufferPointer { buffer in
        Result { () throws(CutFault) in
          try cutter.cut(buffer, byteOffset: byteOffset, isEnd: isEnd, limit: limit, into: &rows)
        }
      }
      switch outcome {
      case .failure(let fault): throw ImportFailure.malformed(rejected(fault, rows))
      case .success(let isMore):
        guard isMore, rows.count < limit, !isEnd else { return isMore }
        try window.fill(to: max(windowSize, bytes.count + min(bytes.count, Self.largestStep)))
      }
    }
  }

  /// The report of a fault around the rows. It often shows only behind the row that caused it, such as one with
  /// a bracket too few, so rows that are no JSON are named first.
  private func rejected(_ fault: CutFault, _ rows: [RawRow]) -> RejectedRow {
    window.bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress, !(cutter is CSVCutter) {
        for row in rows {
          var reader = ValueReader(ByteScanner(base, from: row.start, to: row.end, limits: limits))
          do throws(ScanFailure) {
            _ = try reader.document()
          } catch {
            return RejectedRow(row, base, byteOffset: window.byteOffset, RowFault(error))
          }
        }
      }
      return RejectedRow(
        line: fault.line, column: fault.column, byte: window.byteOffset + fault.byte,
        row: UnsafeBufferPointer(rebasing: buffer[min(fault.byte, buffer.count)...]),
        reason: fault.reason.message)
    }
  }

  /// Takes malformed rows out of `rows[start...]`, if they are to be left out. Returns how many bytes they have.
  private mutating func leaveOut(
    _ rows: inout [RawRow], from start: Int, _ rejects: inout [RejectedRow]
  ) -> Int {
    guard var check else { return 0 }
    var bytes = 0
    window.bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var kept = start
      for row in rows[start...] {
        do throws(RowFault) {
          try check.read(base, from: row.start, to: row.end)
          rows[kept] = row
          kept += 1
        } catch {
          rejects.append(RejectedRow(row, base, byteOffset: window.byteOffset, error))
          bytes += row.end - row.start
        }
      }
      rows.removeSubrange(kept...)
    }
    return bytes
  }
}
