import Records
import Testing

@testable import Llama

/// Golden cuts; `oracles/` compares every character with the reference.
@Suite struct PreTokenizerTests {
  func cut(_ text: String, _ steps: PreTokenizer.Step...) -> [String] {
    var text = text
    var pieces: [String] = []
    text.withUTF8 {
      PreTokenizer(steps: steps).forEachPiece(of: $0) { pieces.append(String(decoding: $0, as: UTF8.self)) }
    }
    return pieces
  }

  @Test func gpt2() {
    let cases: [(String, [String])] = [
      ("", []),
      ("Hello world", ["Hello", " world"]),
      ("  two", [" ", " two"]),
      ("a \n b ", ["a", " \n", " b", " "]),
      ("it's we'll X'D 've're", ["it", "'s", " we", "'ll", " X", "'", "D", " '", "ve", "'re"]),
      ("10mg/dL", ["10", "mg", "/", "dL"]),
      ("naïve 中文½", ["naïve", " 中文", "½"]),
      ("\n\nx\t\ty", ["\n", "\n", "x", "\t", "\t", "y"]),
      ("e\u{301}?!", ["e", "\u{301}?!"]),
      ("'", ["'"]), ("'r", ["'", "r"]), ("\u{A0}x", ["\u{A0}", "x"]),
    ]
    for (text, pieces) in cases { #expect(cut(text, .split(.gpt2)) == pieces, "\(text)") }
  }

  @Test func llama3() {
    let cases: [(String, [String])] = [
      ("Hello world", ["Hello", " world"]),
      ("it'S (we'LL)", ["it", "'S", " (", "we", "'LL", ")"]),
      ("1234567 a", ["123", "456", "7", " a"]),
      ("x\n\n  y", ["x", "\n\n", " ", " y"]),
      ("x  \n \t y", ["x", "  \n", " \t", " y"]),
      ("?!\n\n!x", ["?!\n\n", "!x"]),
      (" ==\r\n", [" ==\r\n"]),
      ("'ſa", ["'ſ", "a"]),
      ("   ", ["   "]),
      ("\tx 5", ["\tx", " ", "5"]),
    ]
    for (text, pieces) in cases { #expect(cut(text, .split(.llama3(digits: 3))) == pieces, "\(text)") }
    #expect(cut("123", .split(.llama3(digits: 1))) == ["1", "2", "3"])
  }

  @Test func stepsInTheirOrder() {
    #expect(cut("ab 12½ c", .digits(individually: true)) == ["ab ", "1", "2", "½", " c"])
    #expect(cut("ab 12½ c", .digits(individually: false)) == ["ab ", "12½", " c"])
    #expect(cut("ab 12 c", .digits(individually: true), .split(.gpt2)) == ["ab", " ", "1", "2", " c"])
    #expect(cut("ab", .prefixSpace, .split(.gpt2)) == [" ab"])
    #expect(cut(" ab", .prefixSpace, .split(.gpt2)) == [" ab"])
    #expect(cut("a1b", .digits(individually: true), .prefixSpace) == [" a", " 1", " b"])
    #expect(cut("as it is") == ["as it is"])
  }

  /// Pieces of any text are never empty and make the text again.
  @Test(arguments: 0..<30) func nothingIsLost(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet: [Unicode.Scalar] = [
      " ", "\n", "\r", "\t", "'", "s", "L", "l", "7", "½", "é", "中", "🦙", "\u{301}", "\u{A0}", ".",
    ]
    for steps: [PreTokenizer.Step] in [
      [.split(.gpt2)], [.split(.llama3(digits: 3))], [.digits(individually: true), .split(.gpt2)],
    ] {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<random.next(below: 200) {
        scalars.append(alphabet[Int(random.next(below: UInt64(alphabet.count)))])
      }
      var text = String(scalars)
      var bytes: [UInt8] = []
      text.withUTF8 {
        PreTokenizer(steps: steps).forEachPiece(of: $0) { piece in
          #expect(!piece.isEmpty)
          bytes += piece
        }
      }
      #expect(bytes == Array(text.utf8))
    }
  }

  @Test func patternsKnowTheirText() {
    for pattern: SplitPattern in [.gpt2, .llama3(digits: 1), .llama3(digits: 3)] {
      #expect(SplitPattern(text: pattern.text) == pattern)
      #expect(SplitPattern(text: pattern.text + "|x") == nil)
    }
  }
}
