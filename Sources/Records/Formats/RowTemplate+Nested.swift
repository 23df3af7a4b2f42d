import Glibc

extension RowTemplate {
  /// Arrays and objects deeper than this in a column are left to the full reader.
  static let deepestMatched = 8

  /// Moves over the array or object under the cursor if it is spelled as the layout spells its canonical form:
  /// the white space of its level, sorted keys, plain numbers. False, somewhere inside, if it is not.
  func matchNested(_ scanner: inout ByteScanner, depth: Int) throws(ScanFailure) -> Bool {
    guard depth <= Self.deepestMatched, let opening = scanner.byte else { return false }
    let isObject = opening == UInt8(ascii: "{")
    let level = levels[depth]
    scanner.at += 1
    if scanner.skip(opening + 2) { return true }
    let isPadded = isObject || style.isIndented
    if isPadded, !scanner.skip(literal: level.open) { return false }
    var last: StringSpan?
    var count = 0
    repeat {
      if isObject {
        guard scanner.byte == UInt8(ascii: "\"") else { return false }
        let key = try scanner.string()
        count += 1
        guard count <= scanner.limits.keys, key.spelling.isEmpty,
          last.map({ scanner.precedes($0, key) }) ?? true,
          scanner.skip(literal: style.colon)
        else { return false }
        last = key
      }
      guard try matchValue(&scanner, depth: depth) else { return false }
    } while scanner.skip(literal: level.comma)
    if isPadded, !scanner.skip(literal: level.close) { return false }
    return scanner.skip(opening + 2)
  }

  private func matchValue(_ scanner: inout ByteScanner, depth: Int) throws(ScanFailure) -> Bool {
    switch scanner.byte {
    case UInt8(ascii: "\""): return style.escaping.spells(try scanner.string())
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try matchNested(&scanner, depth: depth + 1)
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try scanner.number().isPlain
    case UInt8(ascii: "t"): try scanner.literal("true")
    case UInt8(ascii: "f"): try scanner.literal("false")
    case UInt8(ascii: "n"): try scanner.literal("null")
    default: return false
    }
    return true
  }
}

extension ByteScanner {
  /// Whether a string without escapes and of ASCII characters comes before another in RFC 8785's order.
  fileprivate func precedes(_ left: StringSpan, _ right: StringSpan) -> Bool {
    let order = memcmp(base + left.start, base + right.start, min(left.count, right.count))
    return order != 0 ? order < 0 : left.count < right.count
  }

  /// Appends a value that ``RowTemplate/matchNested(_:depth:)`` passed as canonical JSON: without the white space
  /// between its tokens.
  func appendStripped(from start: Int, to end: Int, output: inout [UInt8]) {
    var scanner = ByteScanner(base, from: start, to: end, limits: limits)
    while let byte = scanner.byte {
      if byte == UInt8(ascii: "\""), let span = try? scanner.string() {
        output.append(byte)
        appendCanonical(span, to: &output)
        output.append(byte)
      } else {
        if byte > 0x20 { output.append(byte) }
        scanner.at += 1
      }
    }
  }
}
