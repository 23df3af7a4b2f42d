/// Rows that are lines of CSV, with line breaks inside quotes. Empty lines are no rows.
struct CSVCutter: RowCutter {
  private let limits: JSONLimits
  private let delimiter: UInt8
  private(set) var rowEnd = 0
  /// The offset in the source of the next row's line.
  private var lineStart: Int
  private var line: Int

  /// - Parameters:
  ///   - start: the offset behind the header's line end.
  ///   - line: the line of that offset, from 1.
  init(from start: Int, line: Int, delimiter: UInt8, limits: JSONLimits) {
    lineStart = start
    self.line = line
    self.delimiter = delimiter
    self.limits = limits
  }

  mutating func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, byteOffset: Int, isEnd: Bool, limit: Int, into rows: inout [RawRow]
  ) throws(CutFault) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    var scanner = CSVScanner(base, from: lineStart - byteOffset, to: bytes.count, delimiter: delimiter)
    while rows.count < limit {
      let start = scanner.at
      guard start < bytes.count else { return !isEnd }
      let open = scanner.skipRow()
      let end = scanner.at
      let hasLineEnd = scanner.skipLineEnd()
      // A carriage return at the end of what is in memory may be half of a line end.
      guard isEnd || (hasLineEnd && scanner.at < bytes.count) else {
        return try more(start, open, byteOffset, bytes)
      }
      if let open { throw unclosed(open, from: start, bytes) }
      if end > start {
        rows.append(RawRow(gapStart: rowEnd - byteOffset, start: start, end: end, line: line, column: 1))
        rowEnd = byteOffset + end
      }
      line += Self.lineEnds(bytes, from: start, to: scanner.at)
      lineStart = byteOffset + scanner.at
    }
    return true
  }

  /// How many lines end within these bytes.
  static func lineEnds(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var lines = 0
    var position = start
    while true {
      position = TextScan.first(base, from: position, to: end) { word in
        TextScan.equal(word, 0x0A) | TextScan.equal(word, 0x0D)
      }
      guard position < end else { return lines }
      let byte = base[position]
      position += 1
      if byte == 0x0A || !(position < end && base[position] == 0x0A) { lines += 1 }
    }
  }

  /// True for "read more", unless what is unfinished is over the limit already.
  private func more(
    _ start: Int, _ open: Int?, _ byteOffset: Int, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(CutFault) -> Bool {
    guard bytes.count - start <= limits.textBytes else {
      if let open { throw unclosed(open, from: start, bytes) }
      throw CutFault(
        reason: .json(.textTooLong(limit: limits.textBytes)), line: line, column: 1, byte: start)
    }
    // What precedes the row since the last one is empty lines, which are kept as its gap.
    guard start - (rowEnd - byteOffset) <= limits.gapBytes else {
      throw CutFault(
        reason: .json(.gapTooLong(limit: limits.gapBytes)), line: line, column: 1, byte: start)
    }
    return true
  }

  private func unclosed(_ open: Int, from start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> CutFault {
    var lineStart = start
    for position in start..<open where bytes[position] == 0x0A || bytes[position] == 0x0D {
      lineStart = position + 1
    }
    return CutFault(
      reason: .csv(.unclosedQuote), line: line + Self.lineEnds(bytes, from: start, to: open),
      column: open - lineStart + 1, byte: open)
  }
}
