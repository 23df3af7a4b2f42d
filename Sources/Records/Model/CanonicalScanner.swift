/// Reads canonical JSON (RFC 8785) front to back without building values: what is not spelled canonically is
/// refused at its offset.
///
/// Strings are checked in full, numbers against JSON's grammar, nesting against a limit. Two things are left to
/// the JSON reader: whether a number has its shortest spelling, and the order of members in nested objects.
struct CanonicalScanner {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  /// How deep arrays and objects may nest.
  static let deepest = 64

  /// A scanner at the first of `bytes`, which must be valid UTF-8.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Where the scanner stopped making sense of the bytes.
  struct Stop: Error {
    let byte: Int
  }

  /// Passes `literal` and returns true, or stays and returns false.
  mutating func skip(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for offset in 0..<count where bytes[position + offset] != literal.utf8Start[offset] { return false }
    position += count
    return true
  }

  /// Passes one byte and returns true, or stays and returns false.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Passes `literal`, which must be next.
  mutating func expect(_ literal: StaticString) throws(Stop) {
    guard skip(literal) else { throw Stop(byte: position) }
  }

  /// Passes the end of the bytes.
  func expectEnd() throws(Stop) {
    guard position == bytes.count else { throw Stop(byte: position) }
  }

  /// Passes a string and returns where its contents are, between the quotes and still escaped.
  mutating func string() throws(Stop) -> Range<Int> {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw Stop(byte: position) }
    let start = position + 1
    position = start
    while true {
      position = TextScan.endOfPlainText(in: bytes, from: position)
      guard position < bytes.count else { throw Stop(byte: position) }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return start..<position - 1
      case UInt8(ascii: "\\"): try skipEscape()
      default: throw Stop(byte: position)
      }
    }
  }

  /// Passes a whole number that a double holds exactly.
  mutating func integer() throws(Stop) -> Int {
    let start = position
    let negative = skip("-")
    var number = 0
    let digits = position
    while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
      number = number * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      guard number <= 1 << 53 else { throw Stop(byte: start) }
      position += 1
    }
    let leadingZero = position - digits > 1 && bytes[digits] == UInt8(ascii: "0")
    guard position > digits, !leadingZero, !(negative && number == 0) else { throw Stop(byte: start) }
    return negative ? -number : number
  }

  /// Passes any value and returns where it is.
  mutating func value(depth: Int = 0) throws(Stop) -> Range<Int> {
    guard position < bytes.count, depth < Self.deepest else { throw Stop(byte: position) }
    let start = position
    switch bytes[position] {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "["): try skipArray(depth: depth)
    case UInt8(ascii: "{"): try skipObject(depth: depth)
    case UInt8(ascii: "t"): try expect("true")
    case UInt8(ascii: "f"): try expect("false")
    case UInt8(ascii: "n"): try expect("null")
    default: try skipNumber()
    }
    return start..<position
  }

  /// Passes values with commas between them, up to a closing bracket, and adds where each begins to `starts`.
  ///
  /// Origins are mostly lists of short strings and small numbers, and reading one row reads its whole chunk: those are
  /// passed here, all else by ``value(depth:)``.
  mutating func passValues(_ starts: inout [UInt32]) throws(Stop) {
    guard let base = bytes.baseAddress else { throw Stop(byte: position) }
    let end = bytes.count
    while position < end {
      starts.append(UInt32(truncatingIfNeeded: position))
      let first = base.load(fromByteOffset: position, as: UInt8.self)
      var isPassed = false
      if first == UInt8(ascii: "\"") {
        let close = TextScan.endOfPlainText(in: bytes, from: position &+ 1)
        if close < end, base.load(fromByteOffset: close, as: UInt8.self) == UInt8(ascii: "\"") {
          position = close &+ 1
          isPassed = true
        }
      } else if first &- UInt8(ascii: "1") < 9 {
        var at = position &+ 1
        while at < end, base.load(fromByteOffset: at, as: UInt8.self) &- UInt8(ascii: "0") < 10 { at &+= 1 }
        let next = at < end ? base.load(fromByteOffset: at, as: UInt8.self) : 0
        if next == UInt8(ascii: ",") || next == UInt8(ascii: "]") {
          position = at
          isPassed = true
        }
      }
      if !isPassed { _ = try value() }
      guard position < end, base.load(fromByteOffset: position, as: UInt8.self) == UInt8(ascii: ",") else {
        return
      }
      position &+= 1
    }
    throw Stop(byte: position)
  }

  /// Passes whole numbers from 0 with commas between them, up to a closing bracket, and adds them to `numbers`.
  mutating func passNumbers(_ numbers: inout [Int]) throws(Stop) {
    guard let base = bytes.baseAddress else { throw Stop(byte: position) }
    let end = bytes.count
    while position < end {
      var at = position
      var number = 0
      while at < end, at &- position < 9 {
        let digit = base.load(fromByteOffset: at, as: UInt8.self) &- UInt8(ascii: "0")
        guard digit < 10 else { break }
        number = number &* 10 &+ Int(digit)
        at &+= 1
      }
      let next = at < end ? base.load(fromByteOffset: at, as: UInt8.self) : 0
      let hasLeadingZero =
        at &- position > 1 && base.load(fromByteOffset: position, as: UInt8.self) == UInt8(ascii: "0")
      if at > position, !hasLeadingZero, next == UInt8(ascii: ",") || next == UInt8(ascii: "]") {
        position = at
      } else {
        number = try integer()
      }
      numbers.append(number)
      guard position < end, base.load(fromByteOffset: position, as: UInt8.self) == UInt8(ascii: ",") else {
        return
      }
      position &+= 1
    }
    throw Stop(byte: position)
  }

  /// Passes an array, calling `element` at the start of each of its elements; `element` must pass it.
  mutating func array(_ element: (inout CanonicalScanner) throws(Stop) -> Void) throws(Stop) {
    try expect("[")
    if skip("]") { return }
    repeat { try element(&self) } while skip(",")
    try expect("]")
  }

  private mutating func skipArray(depth: Int) throws(Stop) {
    try array { (scanner) throws(Stop) in _ = try scanner.value(depth: depth + 1) }
  }

  private mutating func skipObject(depth: Int) throws(Stop) {
    try expect("{")
    if skip("}") { return }
    repeat {
      _ = try string()
      try expect(":")
      _ = try value(depth: depth + 1)
    } while skip(",")
    try expect("}")
  }

  private mutating func skipEscape() throws(Stop) {
    let start = position
    guard start + 1 < bytes.count else { throw Stop(byte: start) }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      position = start + 2
    case UInt8(ascii: "u"):
      guard start + 6 <= bytes.count, let code = Self.controlCode(in: bytes, at: start + 2) else {
        throw Stop(byte: start)
      }
      // The control characters with a short escape of their own, and U+0000, have no other canonical spelling.
      guard ![0, 0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(code) else { throw Stop(byte: start) }
      position = start + 6
    default: throw Stop(byte: start)
    }
  }

  private mutating func skipNumber() throws(Stop) {
    let start = position
    _ = skip("-")
    if !skip("0") { try skipDigits(from: start) }
    if skip(".") { try skipDigits(from: start) }
    if skip("e") {
      if !skip("+"), !skip("-") { throw Stop(byte: start) }
      try skipDigits(from: start)
    }
  }

  private mutating func skipDigits(from start: Int) throws(Stop) {
    let first = position
    while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
      position += 1
    }
    guard position > first else { throw Stop(byte: start) }
  }

  /// The control character that `00xx` at `offset` names in lower-case hex, or nil.
  fileprivate static func controlCode(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt8? {
    guard bytes[offset] == UInt8(ascii: "0"), bytes[offset + 1] == UInt8(ascii: "0"),
      bytes[offset + 2] == UInt8(ascii: "0") || bytes[offset + 2] == UInt8(ascii: "1"),
      bytes[offset + 3] < UInt8(ascii: "A") || bytes[offset + 3] > UInt8(ascii: "F"),
      let low = Hex.value(of: bytes[offset + 3])
    else { return nil }
    return (bytes[offset + 2] - UInt8(ascii: "0")) << 4 | low
  }
}

extension CanonicalText {
  /// Appends the text that the contents of a canonical JSON string stand for.
  /// - Parameter contents: the bytes between the quotes, as ``CanonicalScanner/string()`` found them.
  static func appendUnescaped(_ contents: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    var position = 0
    while position < contents.count {
      let plain = TextScan.endOfPlainText(in: contents, from: position)
      output.append(contentsOf: UnsafeRawBufferPointer(rebasing: contents[position..<plain]))
      guard plain + 1 < contents.count else { return }
      position = plain + 2
      switch contents[plain + 1] {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "f"): output.append(0x0C)
      case UInt8(ascii: "r"): output.append(0x0D)
      case UInt8(ascii: "u"):
        guard plain + 6 <= contents.count,
          let code = CanonicalScanner.controlCode(in: contents, at: plain + 2)
        else { return }
        output.append(code)
        position = plain + 6
      case let byte: output.append(byte)
      }
    }
  }

  /// The string that the contents of a canonical JSON string stand for; nil when they are not valid UTF-8.
  static func unescaped(_ contents: UnsafeRawBufferPointer) -> String? {
    if TextScan.endOfPlainText(in: contents, from: 0) == contents.count {
      return String(validating: contents, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(contents.count)
    appendUnescaped(contents, to: &bytes)
    return String(validating: bytes, as: UTF8.self)
  }
}
