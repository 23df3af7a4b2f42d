/// Rows that are the elements of a JSON array.
struct ArrayCutter: RowCutter {
  private enum State { case beforeFirst, beforeElement, afterElement, afterArray }

  private let limits: JSONLimits
  private var state = State.beforeFirst
  /// Offsets in the source: where to go on, and where the current line begins.
  private var resume: Int
  private(set) var rowEnd = 0
  private var lineStart: Int
  private var line: Int

  /// Begins behind the array's opening bracket.
  init(_ container: Container, limits: JSONLimits) {
    self.limits = limits
    resume = container.start
    line = container.line
    lineStart = container.lineStart
  }

  mutating func cut(
    _ bytes: UnsafeBufferPointer<UInt8>, byteOffset: Int, isEnd: Bool, limit: Int, into rows: inout [RawRow]
  ) throws(CutFault) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    var walk = ElementWalk(
      base, from: resume - byteOffset, to: bytes.count, line: line, lineStart: lineStart - byteOffset)
    while rows.count < limit {
      walk.skipWhitespace()
      keep(walk, byteOffset)
      guard walk.at < bytes.count else {
        if state == .afterArray, isEnd { return false }
        if isEnd { throw fault(walk, .unexpectedEnd(inside: "an array"), at: bytes.count) }
        return try more(walk, from: rowEnd - byteOffset, count: bytes.count)
      }
      switch state {
      case .afterArray: throw fault(walk, .trailingBytes, at: walk.at)
      case .afterElement:
        switch base[walk.at] {
        case UInt8(ascii: ","): state = .beforeElement
        case UInt8(ascii: "]"): state = .afterArray
        default: throw fault(walk, .expectedCommaOrBracket, at: walk.at)
        }
        walk.at += 1
        keep(walk, byteOffset)
      case .beforeFirst, .beforeElement:
        if state == .beforeFirst, base[walk.at] == UInt8(ascii: "]") {
          state = .afterArray
          walk.at += 1
          continue
        }
        let start = walk
        guard walk.passElement(), walk.at > start.at, walk.at < bytes.count || isEnd else {
          if !isEnd { return try more(start, from: start.at, count: bytes.count) }
          throw unfinished(start, bytes)
        }
        rows.append(
          RawRow(
            gapStart: rowEnd - byteOffset, start: start.at, end: walk.at, line: start.line,
            column: start.at - start.lineStart + 1))
        state = .afterElement
        rowEnd = byteOffset + walk.at
        keep(walk, byteOffset)
      }
    }
    return true
  }

  private mutating func keep(_ walk: ElementWalk, _ byteOffset: Int) {
    resume = byteOffset + walk.at
    line = walk.line
    lineStart = byteOffset + walk.lineStart
  }

  /// True for "read more", unless what is unfinished is over the limit already.
  private func more(_ walk: ElementWalk, from start: Int, count: Int) throws(CutFault) -> Bool {
    guard count - start <= limits.textBytes else {
      throw fault(walk, .textTooLong(limit: limits.textBytes), at: walk.at)
    }
    return true
  }

  private func fault(_ walk: ElementWalk, _ reason: JSONFailure.Reason, at byte: Int) -> CutFault {
    CutFault(reason: .json(reason), line: walk.line, column: byte - walk.lineStart + 1, byte: byte)
  }

  /// What is wrong with an element that has no end.
  private func unfinished(_ start: ElementWalk, _ bytes: UnsafeBufferPointer<UInt8>) -> CutFault {
    var walk = start
    do throws(ScanFailure) {
      var reader = ValueReader(ByteScanner(start.base, from: start.at, to: bytes.count, limits: limits))
      _ = try reader.value(depth: 0)
    } catch {
      while walk.at < min(error.byte, bytes.count) { walk.step() }
      return fault(walk, error.reason, at: error.byte)
    }
    return fault(walk, .unexpectedEnd(inside: "an array"), at: bytes.count)
  }
}
