/// The tokens that stand for single bytes in a SentencePiece vocabulary: `<0x00>` to `<0xFF>`.
enum ByteToken {
  /// The text of a byte's token.
  static func text(of byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var text = "<0x".unicodeScalars
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
    text.append(">")
    return String(text)
  }

  /// The byte that a token's text names, or nil when it is an ordinary text.
  static func byte(of text: some Collection<UInt8>) -> UInt8? {
    guard text.count == 6, text.starts(with: "<0x".utf8) else { return nil }
    let bytes = Array(text)
    guard bytes[5] == UInt8(ascii: ">"), let high = digit(bytes[3]), let low = digit(bytes[4]) else {
      return nil
    }
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// The token of each byte, −1 where there is none; nil when there is none at all.
  static func ids(_ id: (String) -> Int32?) -> [Int32]? {
    let ids = (UInt8.min...UInt8.max).map { id(text(of: $0)) ?? -1 }
    return ids.contains { $0 >= 0 } ? ids : nil
  }
}
