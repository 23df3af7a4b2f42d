/// Phrases that are looked for in a text without regard to the case of ASCII letters.
///
/// In a phrase a space stands for one byte of ASCII white space, and an apostrophe for itself or U+2019.
struct Phrases: Sendable {
  /// Those that begin with each byte, longest first.
  private let byFirst: [[[UInt8]]]

  /// - Parameter phrases: lower-case ASCII, none empty; none begins with a space or an apostrophe.
  init(_ phrases: [String]) {
    var byFirst = [[[UInt8]]](repeating: [], count: 256)
    for phrase in phrases.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      let bytes = Array(phrase.utf8)
      if let first = bytes.first { byFirst[Int(first)].append(bytes) }
    }
    self.byFirst = byFirst
  }

  /// Where the longest phrase ends that begins at a place; nil when none does.
  func match(_ text: FieldText, at place: Int) -> Int? {
    guard text.lowered.indices.contains(place) else { return nil }
    for phrase in byFirst[Int(text.lowered[place])] {
      if let end = Self.end(of: phrase, in: text.lowered, at: place) { return end }
    }
    return nil
  }

  /// The first phrase within some bytes that is not part of a longer word.
  func firstWord(_ text: FieldText, in range: Range<Int>) -> Range<Int>? {
    for place in range where text.isWordStart(place) {
      if let end = match(text, at: place), text.isWordEnd(end) || text.isWordEnd(end - 1) {
        return place..<end
      }
    }
    return nil
  }

  /// The first phrase wherever it stands.
  func first(_ text: FieldText) -> Range<Int>? {
    for place in text.bytes.indices {
      if let end = match(text, at: place) { return place..<end }
    }
    return nil
  }

  private static func end(of phrase: [UInt8], in text: [UInt8], at start: Int) -> Int? {
    var place = start
    for byte in phrase {
      guard place < text.count else { return nil }
      if text[place] == byte || byte == 0x20 && FieldText.isSpace(text[place]) {
        place += 1
      } else if byte == UInt8(ascii: "'"), text.count - place >= 3, text[place] == 0xE2,
        text[place + 1] == 0x80, text[place + 2] == 0x99
      {
        place += 3
      } else {
        return nil
      }
    }
    return place
  }
}
