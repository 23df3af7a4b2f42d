import Testing

@testable import Llama

/// Golden matches; `oracles/` compares tokenizers that cut by such expressions with the reference.
@Suite struct SplitExpressionTests {
  func cut(_ expression: String, _ text: String, keepsRest: Bool = true) throws -> [String] {
    let steps = [PreTokenizer.Step.matches(try SplitExpression(expression), keepsRest: keepsRest)]
    var text = text
    var pieces: [String] = []
    text.withUTF8 {
      PreTokenizer(steps: steps).forEachPiece(of: $0) { pieces.append(String(decoding: $0, as: UTF8.self)) }
    }
    return pieces
  }

  @Test func matches() throws {
    let cases: [(String, String, [String])] = [
      ("[a-c]+", "xxabcxcab", ["xx", "abc", "x", "cab"]),
      (#"\p{N}{1,3}"#, "a12345½", ["a", "123", "45½"]),
      (#"\p{N}{2}"#, "123", ["12", "3"]),
      (#"\p{N}{2,}"#, "1 123", ["1 ", "123"]),
      ("a|ab", "abab", ["a", "b", "a", "b"]),
      ("(?:ab|a)c?", "abcaac", ["abc", "a", "ac"]),
      (#"(?i:'s|'ll)"#, "x'S'ſ'LL'l", ["x", "'S", "'ſ", "'LL", "'l"]),
      (#"\s+(?!\S)|\s+"#, "a   b ", ["a", "  ", " ", "b", " "]),
      (#"\s+$"#, "a  \n b  ", ["a", "  ", "\n b", "  "]),
      (#"\s*[\r\n]+"#, "a \n \n b", ["a", " \n \n", " b"]),
      ("a*+a", "aaa", ["aaa"]),
      ("a*a", "aaa", ["aaa"]),
      (#"[A-Z]*[a-z]+(?:'s)?"#, "ABcd's EF", ["ABcd's", " EF"]),
      (#"[\p{Lu}\p{Lt}]+|[\p{Ll}\p{M}]+"#, "ÄéǅE\u{301}", ["Ä", "é", "ǅE", "\u{301}"]),
      (#"[!-/！-／]+"#, "a!／b", ["a", "!／", "b"]),
    ]
    for (expression, text, pieces) in cases {
      #expect(try cut(expression, text) == pieces, "\(expression)")
    }
    #expect(try cut("[a-c]+", "xxabcxcab", keepsRest: false) == ["abc", "cab"])
  }

  @Test(arguments: [
    "", "a*", "(?:a|b*)", "a|", "(a)", "(?=a)", "(?<!a)", "(?:ab)+", "(?:ab)*", "a+?", "a**", "a{2,1}",
    "a{,3}",
    "a{", "*a", "a)", "(?:a", "[a", "[z-a]", "[[:alpha:]]", "[a&&b]", #"[^\S]"#, #"\p{Han}"#, #"\p"#,
    #"\p{L"#,
    #"\w"#, #"\b"#, #"\1"#, #"\"#, "^a", ".", "(?!ab)a", "(?i:é)", "a*b*c*d",
    "((((((((((a", "(?:(?:(?:(?:(?:(?:(?:(?:(?:a)))))))))",
  ]) func refused(_ expression: String) {
    #expect(throws: SplitExpression.Refusal.self) { try SplitExpression(expression) }
  }

  @Test func tooLong() {
    #expect(throws: SplitExpression.Refusal.self) {
      try SplitExpression(String(repeating: "a", count: SplitExpression.longest + 1))
    }
  }

  /// Two endless repetitions are the most there may be, so the worst text costs a known power of its length.
  @Test func everyMatchEnds() throws {
    let text = String(repeating: "a", count: 60)
    #expect(try cut("a+a+b", text) == [text])
  }

  /// The expressions of every pre-tokenizer that is known by name can be read.
  @Test func namedPreTokenizers() {
    for name in NamedPreTokenizer.names { #expect(NamedPreTokenizer(name) != nil, "\(name)") }
    #expect(NamedPreTokenizer("kimi-k2") == nil)
  }
}
