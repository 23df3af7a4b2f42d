/// The character that stands for a space in the vocabulary of a SentencePiece tokenizer; U+2581 in all published ones.
struct SpaceMarker: Sendable, Equatable {
  /// When a text gets a marker in front that does not begin with one.
  enum Prefix: Sendable, Equatable {
    case always, first, never
  }

  /// The marker as UTF-8.
  let bytes: [UInt8]

  /// SentencePiece's own marker.
  static let standard = SpaceMarker(bytes: Array("\u{2581}".utf8))

  /// The text with its spaces as markers.
  func marked(_ text: UnsafeBufferPointer<UInt8>, prefix: Prefix, isStart: Bool) -> [UInt8] {
    var marked: [UInt8] = []
    marked.reserveCapacity(text.count + text.count / 2 + bytes.count)
    let begins = text[0] == UInt8(ascii: " ") || text.starts(with: bytes)
    if !begins, prefix == .always || prefix == .first && isStart { marked += bytes }
    TextNormalizer.replace([UInt8(ascii: " ")], with: bytes, in: text, to: &marked)
    return marked
  }

  /// Cuts a text before each marker.
  func forEachWord(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = 0
    var position = 1
    while position < text.count {
      if text[position] == bytes[0], text[position...].starts(with: bytes) {
        body(start..<position)
        start = position
        position += bytes.count
      } else {
        position += 1
      }
    }
    body(start..<text.count)
  }
}
