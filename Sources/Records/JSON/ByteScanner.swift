/// A cursor over JSON bytes that validates as it goes and makes no strings.
///
/// Every read is bounded by `end`; offsets count from `base`. The memory must stay valid while the scanner
/// is in use.
struct ByteScanner {
  let base: UnsafePointer<UInt8>
  let end: Int
  var at: Int
  let limits: JSONLimits

  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, limits: JSONLimits) {
    self.base = base
    self.at = start
    self.end = end
    self.limits = limits
  }

  /// The byte under the cursor, or nil at the end.
  @inline(__always)
  var byte: UInt8? { at < end ? base[at] : nil }

  /// Moves over spaces, tabs, line feeds and carriage returns.
  @inline(__always)
  mutating func skipWhitespace() {
    while at < end {
      let byte = base[at]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at += 1
    }
  }

  /// Moves over `byte` if it is next, and says whether it was.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < end, base[at] == byte else { return false }
    at += 1
    return true
  }

  /// True when a UTF-8 byte order mark is next.
  var isAtByteOrderMark: Bool {
    end - at >= 3 && base[at] == 0xEF && base[at + 1] == 0xBB && base[at + 2] == 0xBF
  }

  /// Moves over `true`, `false` or `null`, whichever its first byte announced.
  mutating func literal(_ word: StaticString) throws(ScanFailure) {
    let start = at
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    for byte in expected {
      guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "a literal"), at: end) }
      guard base[at] == byte else { throw ScanFailure(.invalidLiteral, at: start) }
      at += 1
    }
  }

  /// The failure for a place where a value should start: says so if a byte order mark stands there.
  func missingValue() -> ScanFailure {
    if isAtByteOrderMark { return ScanFailure(.byteOrderMark, at: at) }
    return at < end
      ? ScanFailure(.expectedValue, at: at) : ScanFailure(.unexpectedEnd(inside: "a value"), at: end)
  }
}
