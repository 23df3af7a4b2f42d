/// A walk over JSON that only looks for where values end, counting lines.
struct ElementWalk {
  let base: UnsafePointer<UInt8>
  let end: Int
  var at: Int
  private(set) var line: Int
  /// The offset of the current line's first byte; negative when it is no longer in memory.
  private(set) var lineStart: Int

  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, line: Int, lineStart: Int) {
    self.base = base
    self.end = end
    at = start
    self.line = line
    self.lineStart = lineStart
  }

  /// Moves over one byte.
  @inline(__always)
  mutating func step() {
    at += 1
    if base[at - 1] == 0x0A {
      line += 1
      lineStart = at
    }
  }

  mutating func skipWhitespace() {
    while at < end, [0x20, 0x09, 0x0A, 0x0D].contains(base[at]) { step() }
  }

  /// Moves behind the value under the cursor; false when it does not end before the bytes do. Brackets are
  /// counted, not matched: a decoder finds what is wrong inside.
  mutating func passElement() -> Bool {
    switch base[at] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return passContainer()
    case UInt8(ascii: "\""): return passString()
    default:
      while at < end, !Self.endsScalar(base[at]) { step() }
      return true
    }
  }

  private mutating func passContainer() -> Bool {
    var depth = 0
    while at < end {
      switch base[at] {
      case UInt8(ascii: "\""):
        guard passString() else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 {
          at += 1
          return true
        }
      default: break
      }
      step()
    }
    return false
  }

  private mutating func passString() -> Bool {
    at += 1
    var scanner = ByteScanner(base, from: at, to: end, limits: .configuration)
    while true {
      scanner.skipPlainBytes()
      guard scanner.at < end else {
        at = end
        return false
      }
      switch base[scanner.at] {
      case UInt8(ascii: "\""):
        at = scanner.at + 1
        return true
      case UInt8(ascii: "\\"): scanner.at += 2
      case 0x0A:
        at = scanner.at
        step()
        scanner.at = at
      default: scanner.at += 1
      }
    }
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]")
  }
}
