import Records
import Testing

@testable import Curation

@Suite struct UnicodeTokensTests {
  private func tokens(_ text: String) -> [String] { TokenizerName.unicode.tokens(of: text) }

  @Test func wordsWithALetterOrDigit() {
    #expect(tokens("Don't give 3.5 mg/kg -- ever!") == ["don't", "give", "3.5", "mg", "kg", "ever"])
    #expect(tokens("foo_bar _ __x") == ["foo_bar", "__x"])
    #expect(tokens("... 😀 🇫🇷 $ \u{308} _").isEmpty)
    #expect(tokens("").isEmpty)
    #expect(tokens("½ Ⅷ ②") == ["½", "ⅷ", "②"])
  }

  @Test func scriptsWithoutSpacesByCharacter() {
    #expect(tokens("糖尿病の症状") == ["糖", "尿", "病", "の", "症", "状"])
    #expect(tokens("カルテ") == ["カ", "ル", "テ"])
    #expect(tokens("ไข้หวัด") == ["ไ", "ข้", "ห", "วั", "ด"])
    #expect(tokens("당뇨병 증상") == ["당뇨병", "증상"])
    #expect(tokens("HbA1c値は7.0%") == ["hba1c", "値", "は", "7.0"])
  }

  @Test func caseAndEncodingDoNotCount() {
    #expect(tokens("STRASSE Straße") == ["strasse", "strasse"])
    #expect(tokens("ΣΊΣΥΦΟΣ σίσυφος").count == 2)
    #expect(Set(tokens("ΣΊΣΥΦΟΣ σίσυφος")).count == 1)
    let composed = Array(tokens("Café").joined().utf8)
    #expect(composed == Array(tokens("Cafe\u{301}").joined().utf8))
    #expect(composed == Array("caf\u{E9}".utf8))
    // The Kelvin sign is a K, and a soft hyphen is not there.
    #expect(tokens("\u{212A}elvin dia\u{AD}betes") == ["kelvin", "diabetes"])
    // U+0345 before another mark: without decomposition first, its letter would keep the two apart.
    #expect(tokens("\u{3B1}\u{345}\u{301}").joined().utf8.elementsEqual(tokens("\u{1FB4}").joined().utf8))
    // Nothing but a filler, which is a letter that is ignorable.
    #expect(tokens("a \u{3164} b") == ["a", "b"])
  }

  /// Marks of two kinds in turn are put in order, which must not take the square of their number.
  @Test(.timeLimit(.minutes(1))) func wordsOfVeryManyMarks() {
    let long = "A" + String(repeating: "\u{301}\u{323}", count: 20_000)
    #expect(tokens(long + " b").map(\.utf8.count).last == 1)
    #expect(
      tokens(long).map { Array($0.utf8.prefix(4)) } == [Array("\u{1EA1}\u{323}".utf8.prefix(3)) + [0xCC]])
    #expect(
      tokens(String(repeating: "E\u{301}", count: 1000)).joined().utf8.elementsEqual(
        String(repeating: "é", count: 1000).utf8))
    #expect(tokens(String(repeating: "É", count: 1000)) == [String(repeating: "é", count: 1000)])
  }

  /// What is found around the short cuts for ASCII is what the rules say of the whole text.
  @Test func shortCutsChangeNothing() {
    var random = SplitMix64(seed: 7)
    let alphabet = Array(
      "abcdefghijZ019  _'.:,;\"-(\n\ré\u{308}\u{200D}\u{AD}ℹ⚕漢カאב٣🇫🇷\u{2019}\u{3000}".unicodeScalars)
    for _ in 0..<4000 {
      var text = ""
      for _ in 0..<random.next(below: 30) {
        text.unicodeScalars.append(alphabet[Int(random.next(below: UInt64(alphabet.count)))])
      }
      let bytes = Array(text.utf8)
      var expected: [[UInt8]] = []
      bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count {
          let segment = WordSegments(.separate).segment(base, from: start, end: bytes.count)
          let token = TokenFolding.token(of: UnsafeBufferPointer(rebasing: bytes[start..<segment.end]))
          if segment.hasWord, !token.isEmpty { expected.append(token) }
          start = segment.end
        }
      }
      #expect(tokens(text).map { Array($0.utf8) } == expected, "\(text.debugDescription)")
    }
  }

  @Test func anyBytesHaveTokens() {
    var random = SplitMix64(seed: 9)
    for name in TokenizerName.allCases {
      var encoder = TokenEncoder(name)
      var lists = TokenLists()
      for _ in 0..<1000 {
        let bytes = (0..<random.next(below: 50)).map { _ in UInt8(random.next(below: 256)) }
        bytes.withUnsafeBufferPointer { encoder.append($0, to: &lists) }
      }
      #expect(lists.count == 1000)
      #expect(lists.ids.allSatisfy { $0 < UInt32(encoder.lexicon.count) })
    }
  }
}

@Suite struct TokenizerNameTests {
  private func resolved(_ text: String) -> TokenizerName {
    var text = text
    return text.withUTF8 { TokenizerName.auto.resolved(for: $0) }
  }

  @Test func latinTextHasRougeTokens() {
    #expect(resolved("What is asthma?") == .rouge)
    #expect(resolved("") == .rouge)
    #expect(resolved("Welche Symptome hat ein Patient mit einer Lungenentzündung?") == .rouge)
    #expect(resolved("The β-blocker dose is 50 µg per day for most patients") == .rouge)
    #expect(resolved("😀 … —") == .rouge)
  }

  @Test func otherTextHasUnicodeTokens() {
    #expect(resolved("糖尿病の症状は何ですか") == .unicode)
    #expect(resolved("Какие симптомы у астмы?") == .unicode)
    #expect(resolved("Triệu chứng của bệnh tiểu đường là gì?") == .unicode)
    #expect(TokenizerName.auto.tokens(of: "糖尿病") == ["糖", "尿", "病"])
    #expect(TokenizerName.auto.tokens(of: "don't") == ["don", "t"])
  }

  /// One letter in ten is the limit, wherever it stands.
  @Test func oneInTen() {
    #expect(resolved("abcdefghié") == .rouge)
    #expect(resolved("abcdefghéé") == .unicode)
    #expect(resolved("é, abcdefghi -- ...") == .rouge)
    #expect(resolved("éabcdefgh") == .unicode)
  }

  @Test func others() {
    for name in TokenizerName.allCases {
      #expect(TokenizerName(option: name.option) == name)
      #expect(TokenizerName(option: name.rawValue) == name)
      #expect(name.version.hasPrefix(name.rawValue))
    }
    #expect(TokenizerName(option: "words") == nil)
    #expect("é".utf8.withContiguousStorageIfAvailable { TokenizerName.rouge.resolved(for: $0) } == .rouge)
  }
}
