import Records
import Testing

@testable import mdata

@Suite struct DisplayWidthTests {
  static let table: [(String, Int)] = [
    ("", 0), ("a", 1), ("abc", 3), (" ", 1), ("é", 1), ("e\u{301}", 1), ("ü", 1), ("ß", 1), ("ñ", 1),
    ("Å", 1),
    ("µg", 2), ("°C", 2), ("H₂O", 3), ("x²", 2), ("→", 1), ("…", 1), ("–", 1), ("“x”", 3), ("€", 1), ("½", 1),
    ("Ω", 1), ("я", 1), ("ж", 1), ("ά", 1), ("א", 1), ("שָׁלוֹם", 4), ("سلام", 4), ("हिन्दी", 2), ("ไทย", 3),
    ("中", 2), ("发热", 4), ("日本語", 6), ("カタカナ", 8), ("ｶﾀ", 2), ("ひらがな", 8), ("한국어", 6), ("한", 2), ("ＡＢＣ", 6),
    ("，。", 4), ("「」", 4), ("￥", 2), ("𠀀", 2), ("🩺", 2), ("👍", 2), ("👍🏽", 2), ("👩‍⚕️", 2), ("👨‍👩‍👧‍👦", 2), ("🇩🇪", 2),
    ("❤️", 2), ("☎︎", 1), ("⚕", 1), ("✅", 2), ("⌚", 2), ("1️⃣", 2), ("\u{200B}", 0), ("\u{301}", 0),
    ("a\u{200D}", 1),
    ("█·", 2), ("━╌", 2), ("\u{AD}", 1), ("\u{FEFF}", 0), ("🈁", 2), ("㎎", 2), ("①", 1),
  ]

  @Test(arguments: table) func countsColumns(text: String, width: Int) { #expect(text.displayWidth == width) }

  @Test func cutsWithoutPassingTheWidth() {
    for (text, _) in Self.table {
      let long = String(repeating: text.isEmpty ? "x" : text, count: 30)
      for width in [1, 2, 3, 10, 21] {
        let cut = long.oneLine(width: width)
        #expect(cut.displayWidth <= width, "\(cut) is wider than \(width)")
      }
    }
    #expect("abc".oneLine(width: 3) == "abc")
    #expect("abcd".oneLine(width: 3) == "ab…")
    #expect("中文字".oneLine(width: 5) == "中文…")
    #expect("中文字".oneLine(width: 4) == "中…")
    #expect("  two\n lines\t\tand  spaces ".oneLine(width: 40) == "two lines and spaces")
    #expect("".oneLine(width: 10) == "")
    #expect("   ".oneLine(width: 10) == "")
  }

  @Test func plainTextIsCutAsAnyOther() {
    var generator = SplitMix64(seed: 3)
    let alphabet = Array("ab. \n\t")
    for length in 0..<200 {
      for width in [1, 2, 5, 20] {
        let text = String((0..<length).map { _ in alphabet[Int(generator.next() % 6)] })
        #expect(text.plainLine(width: width) == text.anyLine(width: width), "\(text) in \(width)")
      }
    }
    #expect("naïve".plainLine(width: 9) == nil)
    #expect("a\u{1B}[2J".plainLine(width: 9) == nil)
    #expect("a\u{301}".plainLine(width: 1) == nil)
  }

  @Test func alignsByColumns() {
    #expect("中".padded(to: 4) == "中  ")
    #expect("中".aligned(to: 4) == "  中")
    #expect("long".padded(to: 2) == "long")
  }

  @Test func numbers() {
    let grouped: [(Int, String)] = [
      (0, "0"), (999, "999"), (1000, "1,000"), (16_407, "16,407"), (1_000_000, "1,000,000"),
      (-1234, "-1,234"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ]
    for (value, text) in grouped { #expect(value.grouped == text) }
    #expect(1.of("pair") == "1 pair")
    #expect(0.of("pair") == "0 pairs")
    #expect(2.of("batch") == "2 batches")
    let fixed: [(Double, Int, String)] = [
      (0, 4, "0.0000"), (6.25019, 4, "6.2502"), (-0.00001, 2, "0.00"), (-1.5, 0, "-2"), (99.95, 1, "100.0"),
      (.nan, 2, "nan"),
      (.infinity, 1, "inf"), (1e300, 2, "1e+300"),
    ]
    for (value, decimals, text) in fixed { #expect(value.fixed(decimals) == text) }
  }

  @Test func escapes() {
    let table: [(String, String)] = [
      ("plain", "plain"), ("\u{1B}[31m", "^[[31m"), ("a\tb\nc", "a^Ib^Jc"), ("\u{0}\u{7F}", "^@^?"),
      ("\u{9B}1m", "^[[1m"),
      ("\u{202E}x", "<U+202E>x"), ("\u{FEFF}", "<U+FEFF>"), ("\u{E0041}", "<U+E0041>"), ("é中👩‍⚕️", "é中👩‍⚕️"),
    ]
    for (text, shown) in table { #expect(text.escaped() == shown) }
    #expect("a\tb\nc\r".escaped(multiline: true) == "a\tb\nc^M")
  }
}
