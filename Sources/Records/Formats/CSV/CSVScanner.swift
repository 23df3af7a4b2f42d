import Glibc

/// One cell of a row as it is spelled.
struct CSVCell: Sendable, Equatable {
  /// Where its text is, between the quotes if it has any.
  var start, end: Int
  /// Whether it is in quotes.
  var isQuoted: Bool
  /// Whether its text has doubled quotes, each of which stands for one.
  var hasDoubledQuotes: Bool
}

/// Walks over the cells and line ends of CSV text (RFC 4180).
///
/// A quote opens a quoted cell only where a cell begins; anywhere else it is text, as programs that write no
/// quotes mean it. Rows end at LF, CR LF or CR.
struct CSVScanner {
  private let base: UnsafePointer<UInt8>
  private let delimiter: UInt8
  /// Behind the last byte.
  let end: Int
  var at: Int

  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, delimiter: UInt8) {
    self.base = base
    self.delimiter = delimiter
    self.end = end
    at = start
  }

  /// What follows a cell.
  enum Follower {
    /// A delimiter, which was passed.
    case cell
    /// A line end, which was not passed, or the end of the text.
    case rowEnd
    /// The text ended inside quotes, which were opened at this offset.
    case unclosed(Int)
    /// Something else than a delimiter or line end behind a closing quote, at this offset.
    case stray(Int)
  }

  /// Passes one cell and the delimiter behind it.
  mutating func next(_ cell: inout CSVCell) -> Follower {
    guard at < end, base[at] == UInt8(ascii: "\"") else {
      cell = CSVCell(start: at, end: at, isQuoted: false, hasDoubledQuotes: false)
      skipText()
      cell.end = at
      return follower()
    }
    let open = at
    cell = CSVCell(start: at + 1, end: at + 1, isQuoted: true, hasDoubledQuotes: false)
    at += 1
    while let quote = memchr(base + at, 0x22, end - at) {
      at = base.distance(to: quote.assumingMemoryBound(to: UInt8.self)) + 1
      guard at < end, base[at] == UInt8(ascii: "\"") else {
        cell.end = at - 1
        return follower()
      }
      cell.hasDoubledQuotes = true
      at += 1
    }
    at = end
    return .unclosed(open)
  }

  /// Passes cells up to the line end, whatever is wrong with them. Returns the offset of a quote that is never
  /// closed, or nil.
  mutating func skipRow() -> Int? {
    var cell = CSVCell(start: 0, end: 0, isQuoted: false, hasDoubledQuotes: false)
    while true {
      switch next(&cell) {
      case .cell: continue
      case .rowEnd: return nil
      case .unclosed(let open): return open
      case .stray:
        skipText()
        if at < end, base[at] == delimiter { at += 1 } else { return nil }
      }
    }
  }

  /// Passes one line end, if there is one here.
  mutating func skipLineEnd() -> Bool {
    guard at < end, base[at] == 0x0A || base[at] == 0x0D else { return false }
    at += base[at] == 0x0D && at + 1 < end && base[at + 1] == 0x0A ? 2 : 1
    return true
  }

  private mutating func follower() -> Follower {
    guard at < end else { return .rowEnd }
    let byte = base[at]
    if byte == delimiter {
      at += 1
      return .cell
    }
    return byte == 0x0A || byte == 0x0D ? .rowEnd : .stray(at)
  }

  /// Passes text up to a delimiter, a line end or the end.
  private mutating func skipText() {
    at = TextScan.first(base, from: at, to: end) { word in
      TextScan.equal(word, delimiter) | TextScan.equal(word, 0x0A) | TextScan.equal(word, 0x0D)
    }
  }
}
