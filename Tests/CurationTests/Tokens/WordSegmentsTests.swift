import Records
import Testing

@testable import Curation

/// The rules of UAX #29, section 4.1.1, each by itself.
@Suite struct WordSegmentsTests {
  /// The segments of a text, with `|` between them.
  private func cut(_ text: String, _ katakana: WordSegments.Katakana = .joined) -> [String] {
    let bytes = Array(text.utf8)
    let segments = WordSegments(katakana)
    var parts: [String] = []
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var start = 0
      while start < bytes.count {
        let end = segments.segment(base, from: start, end: bytes.count).end
        parts.append(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end
      }
    }
    return parts
  }

  private func expect(_ parts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
    let found = cut(parts.joined())
    #expect(
      found.map { Array($0.utf8) } == parts.map { Array($0.utf8) }, "\(found)", sourceLocation: sourceLocation
    )
  }

  @Test func wb3aLineBreaks() {
    expect("a", "\r\n", "b")
    expect("\n", "\r", "\u{85}", "\u{2028}", "\u{0B}")
    // Nothing is passed over behind a line break.
    expect("\n", "\u{308}", "a")
  }

  @Test func wb3cJoinedPictographs() {
    expect("👩\u{200D}⚕\u{FE0F}", "a")
    expect("\u{200D}⚕")
    expect("a\u{200D}ℹ")
    expect("👩", "⚕")
  }

  @Test func wb3dSpaces() {
    expect("a", "  \u{2003}", "b")
    expect(" \u{308}", " ", "b")
    expect("a", "\t", "\t")
  }

  @Test func wb4MarksArePassedOver() {
    expect("a\u{308}b")
    expect("a\u{AD}\u{200D}\u{308}b")
    expect("\u{308}", "a")
    expect(".\u{308}", "a")
  }

  @Test func wb5LettersTogether() {
    expect("мир", " ", "Ελλάδα")
    expect("한국어", " ", "café")
  }

  @Test func wb6And7MarksBetweenLetters() {
    expect("can't")
    expect("can’t")
    expect("a:b", " ", "a·b", " ", "e.g", ".")
    expect("a", "'", "'", "b")
    expect("a", "'")
    expect("a", ".", "1")
    expect("a", ",", "b")
    expect("a\u{308}'\u{308}b\u{308}")
    expect("a", "'", "_b")
  }

  @Test func wb7aToCHebrew() {
    expect("א'")
    expect("א\"ב")
    expect("א", "\"")
    expect("א'ב'", "'")
    expect("a", "\"", "b")
    expect("א", "\"", "b")
  }

  @Test func wb8To10Digits() {
    expect("123", " ", "a1b2")
    expect("٣٤", " ", "1א")
  }

  @Test func wb11And12MarksBetweenDigits() {
    expect("1,234.56")
    expect("1;2", " ", "1'2")
    expect("1", ":", "2")
    expect("1", ",", "a")
    expect("1", ".", ".", "2")
    expect("3\u{FE0F}.\u{20E3}5")
  }

  @Test func wb13Katakana() {
    expect("カタカナ", "の")
    expect("カ", "a")
    #expect(cut("カタ_カ", .separate) == ["カ", "タ", "_", "カ"])
  }

  @Test func wb13aAndBConnectors() {
    expect("_a_1_カ_")
    expect("__", "-", "_")
    expect("a\u{203F}b")
    expect("_", "漢")
  }

  @Test func wb15And16FlagsInTwos() {
    expect("🇫🇷", "🇩🇪", "🇯")
    expect("a", "🇫🇷", "🇩")
    expect("🇫\u{200D}🇷", "🇩")
  }

  @Test func wb999Others() {
    expect("漢", "字", "ひ", "ら")
    expect("a", "(", "b", ")", "!", "?")
    expect("$", "5.50")
  }

  /// Random bytes: segments cover the text, and every look-ahead ends.
  @Test func coversAnyBytes() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      let bytes = (0..<random.next(below: 60)).map { _ in UInt8(random.next(below: 256)) }
      bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count {
          let end = WordSegments().segment(base, from: start, end: bytes.count).end
          #expect(end > start && end <= bytes.count)
          guard end > start else { return }
          start = end
        }
      }
    }
  }

  /// The two stages say what the runs say.
  @Test func propertiesOfEveryRun() {
    let runs = WordBreakTable.runs
    #expect(zip(runs, runs.dropFirst()).allSatisfy { $0 >> 8 < $1 >> 8 } && runs.first == 0)
    for (index, run) in runs.enumerated() {
      let end = index + 1 < runs.count ? runs[index + 1] >> 8 : 0x110000
      for scalar in [run >> 8, (run >> 8 + end - 1) / 2, end - 1] {
        let value = ScalarProperties.shared[scalar]
        let bits =
          UInt32(value.wordBreak.rawValue) | (value.isPictograph ? 0x20 : 0) | (value.isWord ? 0x40 : 0)
        #expect(bits == run & 0xFF, "\(scalar)")
      }
    }
    #expect(ScalarProperties.shared[UInt32.max].wordBreak == .other)
  }
}
