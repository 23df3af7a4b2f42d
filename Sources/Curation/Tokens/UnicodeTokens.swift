/// The tokens of `unicode-v1`: the word segments of UAX #29 that have a letter or a number (general category L or N) in
/// them, folded by ``TokenFolding``.
///
/// Scripts that put no spaces between words come character by character, each with its marks: Han, Hiragana, Thai, Lao,
/// Khmer and Myanmar because the default rules have no words for them, and Katakana because its rule is left out (UAX #29
/// leaves such tailoring open): all of a Japanese text is cut alike. Hangul has spaces, and comes by word.
enum UnicodeTokens {
  @inline(__always)
  static func scan(
    _ text: UnsafeBufferPointer<UInt8>, by segments: WordSegments, scratch: inout [UInt8],
    into sink: inout some TokenSink
  ) {
    guard let base = text.baseAddress else { return }
    let end = text.count
    var position = 0
    /// Where the last segment ended that was looked for by the rules.
    var known = 0
    while position < end {
      let word = ASCIIRun.load(base, at: position, end: end)
      let stops = ASCIIRun.stops(word)
      var stop = position &+ (stops == 0 ? 8 : stops.trailingZeroBitCount &>> 3)
      if stops == 0 { stop = ASCIIRun.end(base, from: stop, end: end) }
      let count = stop &- position
      guard isBoundary(base, at: stop, end: end, afterRun: count > 0) else {
        // A character of a segment that began with the one before it, which no rule was asked about: a space can be
        // followed by a joiner.
        let start = count == 0 && position > known && base[position] >= 0x80 ? position - 1 : position
        let segment = segments.segment(base, from: start, end: end)
        if segment.hasWord {
          take(UnsafeBufferPointer(start: base + start, count: segment.end - start), &scratch, &sink)
        }
        position = segment.end
        known = position
        continue
      }
      if count > 8 {
        sink.take(run: UnsafeBufferPointer(start: base + position, count: count))
      } else if count > 0 {
        sink.take(ASCIIRun.lowered(word, count: count), count: count)
      }
      position = stop
      // A mark may belong to what follows only through a rule, and ASCII marks have none at a beginning.
      if stop < end, base[stop] < 0x80, base[stop] != UInt8(ascii: "_") { position &+= 1 }
    }
  }

  /// Whether what is before `stop` ends there for certain, without asking the rules: a run of letters and digits, or
  /// characters that belong to no word.
  @inline(__always)
  private static func isBoundary(
    _ text: UnsafePointer<UInt8>, at stop: Int, end: Int, afterRun: Bool
  ) -> Bool {
    guard stop < end else { return true }
    switch text[stop] {
    case 0x80...0xFF, UInt8(ascii: "_"): return false
    case UInt8(ascii: "'"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: ";"):
      // It joins the run with a letter or digit right after it, or with one behind ignored characters.
      guard afterRun, stop + 1 < end else { return true }
      return text[stop + 1] < 0x80 && !ASCIIRun.isMember(text[stop + 1])
    default: return true
    }
  }

  private static func take(
    _ segment: UnsafeBufferPointer<UInt8>, _ scratch: inout [UInt8], _ sink: inout some TokenSink
  ) {
    if segment.contains(where: { $0 >= 0x80 }) {
      sink.fold(segment)
    } else {
      scratch.removeAll(keepingCapacity: true)
      for byte in segment { scratch.append(0x41...0x5A ~= byte ? byte | 0x20 : byte) }
      scratch.withUnsafeBufferPointer { sink.take($0) }
    }
  }
}
