/// Builds ``JSONValue``s from a scanner's bytes.
struct ValueReader {
  var scanner: ByteScanner

  init(_ scanner: ByteScanner) {
    self.scanner = scanner
  }

  /// The one value of a whole text.
  mutating func document() throws(ScanFailure) -> JSONValue {
    scanner.skipWhitespace()
    guard scanner.at < scanner.end else { throw ScanFailure(.emptyText, at: scanner.end) }
    let value = try value(depth: 0)
    scanner.skipWhitespace()
    if scanner.isAtByteOrderMark { throw ScanFailure(.byteOrderMark, at: scanner.at) }
    guard scanner.at == scanner.end else { throw ScanFailure(.trailingBytes, at: scanner.at) }
    return value
  }

  /// The value under the cursor; `depth` levels are open around it.
  mutating func value(depth: Int) throws(ScanFailure) -> JSONValue {
    switch scanner.byte {
    case UInt8(ascii: "\""): return .string(scanner.text(of: try scanner.string()))
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "t"):
      try scanner.literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try scanner.literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try scanner.literal("null")
      return .null
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      return .number(try scanner.value(of: try scanner.number()))
    default: throw scanner.missingValue()
    }
  }

  private mutating func array(depth: Int) throws(ScanFailure) -> JSONValue {
    try scanner.checkDepth(depth)
    scanner.at += 1
    scanner.skipWhitespace()
    var elements: [JSONValue] = []
    if scanner.skip(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      guard try scanner.anotherElement() else { return .array(elements) }
    }
  }

  private mutating func object(depth: Int) throws(ScanFailure) -> JSONValue {
    try scanner.checkDepth(depth)
    scanner.at += 1
    scanner.skipWhitespace()
    var members: [JSONMember] = []
    if scanner.skip(UInt8(ascii: "}")) { return .object(members) }
    var names = SeenNames()
    while true {
      let place = scanner.at
      let name = scanner.text(of: try scanner.key())
      guard members.count < scanner.limits.keys else {
        throw ScanFailure(.tooManyKeys(limit: scanner.limits.keys), at: place)
      }
      guard names.insert(name, after: members) else { throw ScanFailure(.duplicateKey(name), at: place) }
      try scanner.colon()
      members.append(JSONMember(name, try value(depth: depth)))
      guard try scanner.anotherMember() else { return .object(members) }
    }
  }
}
