import Records
import Testing

@testable import Curation

/// Expected tokens are what `rouge_score.tokenizers.DefaultTokenizer(use_stemmer=False)` of rouge-score 0.1.2 gives.
@Suite struct RougeTokensTests {
  private func tokens(_ text: String) -> [String] { TokenizerName.rouge.tokens(of: text) }

  @Test func lettersAndDigitsInLowerCase() {
    #expect(
      tokens("What's the HbA1c goal, at 7.5%?") == ["what", "s", "the", "hba1c", "goal", "at", "7", "5"])
    #expect(tokens("foo_bar") == ["foo", "bar"])
  }

  @Test func nothingToSee() {
    #expect(tokens("").isEmpty)
    #expect(tokens(" \t\n.,;").isEmpty)
    #expect(tokens("糖尿病の症状は何ですか").isEmpty)
    #expect(tokens("ما هي أعراض السكري").isEmpty)
  }

  @Test func accentsSeparate() {
    #expect(tokens("Sjögren's naïve café") == ["sj", "gren", "s", "na", "ve", "caf"])
  }

  /// U+0130 lowers into `i` and a mark; U+212A into `k`.
  @Test func twoCharactersLowerIntoASCII() {
    #expect(tokens("\u{130}") == ["i"])
    #expect(tokens("D\u{130}YABET") == ["di", "yabet"])
    #expect(tokens("300\u{212A}elvin") == ["300kelvin"])
    #expect(tokens("\u{212A}\u{212A} \u{130}\u{130}") == ["kk", "i", "i"])
    // Their neighbours do not.
    #expect(tokens("a\u{12F}\u{131}\u{212B}b") == ["a", "b"])
  }

  /// Every length around the eight bytes that are read at once, at every distance from the end.
  @Test func lengthsAroundAWord() {
    for length in 1...40 {
      let word = String((0..<length).map { Character(Unicode.Scalar(UInt8(0x41 + $0 % 26))) })
      for pad in 0...9 {
        let text = String(repeating: "-", count: pad) + word + String(repeating: "é", count: pad % 3)
        #expect(tokens(text) == [word.lowercased()])
        #expect(tokens(text + "\u{212A}z").last == (pad % 3 == 0 ? word.lowercased() + "kz" : "kz"))
      }
    }
  }

  /// A scalar at a time, as the definition says.
  @Test func sameAsTheDefinitionOnRandomTexts() {
    var random = SplitMix64(seed: 11)
    let alphabet = Array(
      "aAzZ09 _-'.@[`{/:\u{10}\u{19}\u{7F}é\u{130}\u{131}\u{212A}\u{2109}漢😀".unicodeScalars)
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<random.next(below: 40) {
        text.unicodeScalars.append(alphabet[Int(random.next(below: UInt64(alphabet.count)))])
      }
      var expected: [String] = []
      var word = ""
      for scalar in text.unicodeScalars.flatMap({ $0.properties.lowercaseMapping.unicodeScalars }) {
        if "a"..."z" ~= scalar || "0"..."9" ~= scalar {
          word.unicodeScalars.append(scalar)
        } else if !word.isEmpty {
          expected.append(word)
          word = ""
        }
      }
      if !word.isEmpty { expected.append(word) }
      #expect(tokens(text) == expected, "\(text.debugDescription)")
    }
  }
}
