import Glibc

/// Reads the cells of one row, strictly. Reused from row to row so that reading one allocates nothing.
struct CSVRow {
  private(set) var cells: [CSVCell] = []
  private let delimiter: UInt8
  /// How many cells a row must have; nil for the header.
  private let count: Int?
  private let limits: JSONLimits

  init(delimiter: UInt8, count: Int?, limits: JSONLimits) {
    self.delimiter = delimiter
    self.count = count
    self.limits = limits
  }

  /// Reads the row at `start..<end` of the bytes at `base`, which has no line end behind it.
  mutating func parse(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) throws(RowFault) {
    guard end - start <= limits.textBytes else {
      throw RowFault(.json(.textTooLong(limit: limits.textBytes)), at: start)
    }
    try checkText(base, from: start, to: end)
    cells.removeAll(keepingCapacity: true)
    var scanner = CSVScanner(base, from: start, to: end, delimiter: delimiter)
    var cell = CSVCell(start: start, end: start, isQuoted: false, hasDoubledQuotes: false)
    while true {
      let follower = scanner.next(&cell)
      guard cell.end - cell.start <= limits.stringBytes else {
        throw RowFault(.json(.stringTooLong(limit: limits.stringBytes)), at: cell.start)
      }
      guard cells.count < limits.keys else {
        throw RowFault(.json(.tooManyKeys(limit: limits.keys)), at: start)
      }
      switch follower {
      case .cell: cells.append(cell)
      case .rowEnd:
        cells.append(cell)
        if let count, cells.count != count {
          // Too many cells show where the first of them begins, too few at the row's end.
          let byte = cells.count > count ? cells[count].start : end
          throw RowFault(.csv(.cellCount(expected: count, found: cells.count)), at: byte)
        }
        return
      case .unclosed(let open): throw RowFault(.csv(.unclosedQuote), at: open)
      case .stray(let byte): throw RowFault(.csv(.textAfterQuote), at: byte)
      }
    }
  }

  /// Refuses what no text may hold: invalid UTF-8 and U+0000.
  private func checkText(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) throws(RowFault) {
    if let found = memchr(base + start, 0, end - start) {
      let byte = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
      throw RowFault(.json(.nulCharacter), at: byte)
    }
    var position = start
    while true {
      position = TextScan.first(base, from: position, to: end, TextScan.wide)
      guard position < end else { return }
      let length = UTF8Sequence.length(base + position, available: end - position)
      guard length > 0 else { throw RowFault(.json(.invalidUTF8), at: position) }
      position += length
    }
  }
}

extension CSVCell {
  /// Whether the cell is empty.
  var isEmpty: Bool { start == end }

  /// The cell's text as it is spelled, with its doubled quotes.
  func spelling(_ base: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + start, count: end - start)
  }

  /// Appends the cell's text as a JSON string in canonical spelling.
  func appendString(_ base: UnsafePointer<UInt8>, to output: inout [UInt8]) {
    let spelled = UnsafeRawBufferPointer(spelling(base))
    guard hasDoubledQuotes, let start = spelled.baseAddress else {
      return CanonicalText.appendString(spelled, to: &output)
    }
    output.append(UInt8(ascii: "\""))
    var position = 0
    while let found = memchr(start + position, 0x22, spelled.count - position) {
      let quote = start.distance(to: UnsafeRawPointer(found))
      CanonicalText.appendContents(UnsafeRawBufferPointer(rebasing: spelled[position..<quote]), to: &output)
      CanonicalText.append("\\\"", to: &output)
      position = min(quote + 2, spelled.count)
    }
    CanonicalText.appendContents(UnsafeRawBufferPointer(rebasing: spelled[position...]), to: &output)
    output.append(UInt8(ascii: "\""))
  }

  /// The cell's text.
  func text(_ base: UnsafePointer<UInt8>) -> String {
    var text: [UInt8] = []
    var isSecondQuote = false
    for byte in spelling(base) {
      isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote && hasDoubledQuotes
      if !isSecondQuote { text.append(byte) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
