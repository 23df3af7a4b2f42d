/// Reads the white space of a row off its bytes.
enum StyleInference {
  /// The style of the object the scanner stands on, without its escapes; nil when it is no object with members.
  static func style(_ start: ByteScanner) -> JSONStyle? {
    var scanner = start
    func bytes(_ from: Int, _ to: Int) -> [UInt8] {
      Array(UnsafeBufferPointer(start: start.base + from, count: to - from))
    }
    guard scanner.skip(UInt8(ascii: "{")) else { return nil }
    let openStart = scanner.at
    scanner.skipWhitespace()
    let open = bytes(openStart, scanner.at)
    guard (try? scanner.key()) != nil else { return nil }
    let colonStart = scanner.at
    guard (try? scanner.colon()) != nil else { return nil }
    let colon = bytes(colonStart, scanner.at)
    guard (try? scanner.anyValue()) != nil else { return nil }
    var valueEnd = scanner.at
    var comma: [UInt8]?
    while (try? scanner.anotherMember()) == true {
      comma = comma ?? bytes(valueEnd, scanner.at)
      guard (try? scanner.key()) != nil, (try? scanner.colon()) != nil, (try? scanner.anyValue()) != nil
      else {
        return nil
      }
      valueEnd = scanner.at
    }
    guard scanner.at > valueEnd, scanner.base[scanner.at - 1] == UInt8(ascii: "}") else { return nil }
    let close = bytes(valueEnd, scanner.at - 1)
    // With one member only, the comma is told from the other white space.
    let space = open.isEmpty && colon.count > 1 ? [0x20] : open
    return JSONStyle(open: open, comma: comma ?? [UInt8(ascii: ",")] + space, colon: colon, close: close)
  }
}
