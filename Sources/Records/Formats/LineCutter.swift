import Glibc

/// Rows that are lines: every line that is not blank, without the white space around it.
struct LineCutter: RowCutter {
  private let limits: JSONLimits
  private(set) var rowEnd = 0
  /// The offset in the source of the next line.
  private var lineStart: Int
  private var line = 1
  /// How far the current line was searched already.
  private var searched = 0

  /// - Parameter start: the offset of the first line, behind a byte order mark.
  init(from start: Int, limits: JSONLimits) {
    self.limits = limits
    lineStart = start
  }

  mutating func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, byteOffset: Int, isEnd: Bool, limit: Int, into rows: inout [RawRow]
  ) throws(CutFault) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    let count = bytes.count
    while rows.count < limit {
      let start = lineStart - byteOffset
      let from = max(start, searched - byteOffset)
      guard from <= count, start < count || !isEnd else { return false }
      var end = count
      if from < count, let found = memchr(base + from, 0x0A, count - from) {
        end = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
      } else if !isEnd {
        searched = byteOffset + count
        // The line is too long already, or too much white space before it is kept as a gap.
        if count - start > limits.textBytes {
          throw CutFault(
            reason: .json(.textTooLong(limit: limits.textBytes)), line: line, column: 1, byte: start)
        }
        if start - (rowEnd - byteOffset) > limits.gapBytes {
          throw CutFault(
            reason: .json(.gapTooLong(limit: limits.gapBytes)), line: line, column: 1, byte: start)
        }
        return true
      }
      var first = start
      var last = end
      while first < last, Self.isSpace(base[first]) { first += 1 }
      while last > first, Self.isSpace(base[last - 1]) { last -= 1 }
      if first < last {
        rows.append(
          RawRow(
            gapStart: rowEnd - byteOffset, start: first, end: last, line: line, column: first - start + 1))
        rowEnd = byteOffset + last
      }
      line += 1
      lineStart = byteOffset + end + 1
      if end == count, isEnd { return false }
    }
    return true
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x09 }
}
