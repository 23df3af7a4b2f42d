/// The tokens of `rouge-ascii-v1`: those of the `rouge-score` package 0.1.2 without its stemmer, to which a text is
/// `re.split(r"\s+", re.sub(r"[^a-z0-9]+", " ", text.lower()))` without what is empty.
///
/// Python lowers two characters outside of ASCII into it: U+0130 becomes `i` and a mark, which ends the token; U+212A,
/// the Kelvin sign, becomes `k`. All others separate.
enum RougeTokens {
  @inline(__always)
  static func scan(
    _ text: UnsafeBufferPointer<UInt8>, scratch: inout [UInt8], into sink: inout some TokenSink
  ) {
    guard let base = text.baseAddress else { return }
    let end = text.count
    var position = 0
    while position < end {
      let word = ASCIIRun.load(base, at: position, end: end)
      let stops = ASCIIRun.stops(word)
      var stop = position &+ (stops == 0 ? 8 : stops.trailingZeroBitCount &>> 3)
      if stops == 0 { stop = ASCIIRun.end(base, from: stop, end: end) }
      if stop < end, base[stop] >= 0x80, lowered(base, at: stop, end: end) != nil {
        position = respelled(base, from: position, end: end, scratch: &scratch, into: &sink)
        continue
      }
      let count = stop &- position
      if count > 8 {
        sink.take(run: UnsafeBufferPointer(start: base + position, count: count))
      } else if count > 0 {
        sink.take(ASCIIRun.lowered(word, count: count), count: count)
      }
      // What stopped the token separates, and no longer character has a byte of another's beginning in it.
      position = stop &+ 1
    }
  }

  /// Whether the text has a character that lowers into an ASCII letter.
  static func hasLowered(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return false }
    return text.indices.contains { base[$0] >= 0xC4 && lowered(base, at: $0, end: text.count) != nil }
  }

  /// The ASCII letter that the character at `position` lowers into, and where the character ends.
  private static func lowered(
    _ text: UnsafePointer<UInt8>, at position: Int, end: Int
  ) -> (letter: UInt8, next: Int)? {
    if end - position >= 2, text[position] == 0xC4, text[position + 1] == 0xB0 {
      return (UInt8(ascii: "i"), position + 2)
    }
    if end - position >= 3, text[position] == 0xE2, text[position + 1] == 0x84, text[position + 2] == 0xAA {
      return (UInt8(ascii: "k"), position + 3)
    }
    return nil
  }

  /// Takes a token in which characters lower into ASCII; returns where it ends.
  private static func respelled(
    _ text: UnsafePointer<UInt8>, from start: Int, end: Int, scratch: inout [UInt8],
    into sink: inout some TokenSink
  ) -> Int {
    scratch.removeAll(keepingCapacity: true)
    var position = start
    while position < end {
      if ASCIIRun.isMember(text[position]) {
        scratch.append(text[position] | 0x20)
        position += 1
      } else if let (letter, next) = lowered(text, at: position, end: end) {
        scratch.append(letter)
        position = next
        if letter == UInt8(ascii: "i") { break }
      } else {
        break
      }
    }
    scratch.withUnsafeBufferPointer { sink.take($0) }
    return position
  }
}
