import Records
import Testing

@testable import History

@Suite struct SearchExpressionTests {
  @Test(arguments: [
    ("fever", #""fever""#), ("chest pain", #""chest" AND "pain""#),
    ("chest AND pain", #""chest" AND "pain""#),
    (#""chest pain""#, #""chest pain""#), ("antibio*", #""antibio" *"#), (#""chest pa"*"#, #""chest pa" *"#),
    ("a OR b c", #""a" OR "b" AND "c""#), ("(a OR b) c", #"("a" OR "b") AND "c""#),
    ("a NOT b", #""a" NOT "b""#), ("a b NOT c", #""a" AND "b" NOT "c""#),
    ("and or not", #""and" AND "or" AND "not""#),
    ("blood-pressure", #""blood-pressure""#), ("output:fever", #""output:fever""#),
    ("NEAR(a b)", #""NEAR" AND ("a" AND "b")"#),
    ("^a {b} + c", #""^a" AND "{b}""#), ("don't", #""don't""#), ("发热", #""发热""#),
    ("a\tb\nc", #""a" AND "b" AND "c""#),
    ("((a))", #"(("a"))"#),
  ])
  func isReadAsWritten(text: String, match: String) throws {
    if text.contains("+") {
      #expect(throws: SearchExpression.Malformed.self) { try SearchExpression(text) }
    } else {
      #expect(try SearchExpression(text).match == match)
    }
  }

  @Test(arguments: [
    "", "   ", "\"", "\"a", "a \"", "()", "(", ")", "(a", "a)", "a (", "AND", "OR", "NOT", "a AND", "a OR",
    "a NOT", "AND a",
    "OR a", "NOT a", "a OR OR b", "a NOT NOT b", "*", "++", "…", "\"\"", "\"!\"", "a\0b", "a OR (b NOT)",
    String(repeating: "(", count: 40) + "a" + String(repeating: ")", count: 40),
    Array(repeating: "a", count: 65).joined(separator: " "),
  ])
  func isRefused(text: String) {
    #expect(throws: SearchExpression.Malformed.self) { try SearchExpression(text) }
  }

  /// Whatever is accepted is an expression to FTS5 as well.
  @Test(arguments: 0..<4) func whatIsAcceptedIsUnderstood(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let parts = [
      "a", "fever", "\"", "(", ")", "*", "AND", "OR", "NOT", "NEAR", ":", "^", "+", "-", "{", "}", "'", "\\",
      ",", "é", "发",
      " ", " ", " ", "\"b c\"", "1", "\u{300}", "🩺", "col:", "\n",
    ]
    var accepted = 0
    for _ in 0..<400 {
      let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        parts.randomElement(using: &random) ?? ""
      }.joined(
        separator: Bool.random(using: &random) ? " " : "")
      guard
        let expression = try? SearchExpression(
          text, field: SearchField.allCases.randomElement(using: &random))
      else {
        continue
      }
      accepted += 1
      #expect(throws: Never.self, "\(text)") { try SearchProbe(expression).rejects() }
    }
    #expect(accepted > 50)
  }
}

extension SearchProbe {
  /// Asks of a pair without texts.
  fileprivate func rejects() throws {
    #expect(try snippets(SearchTexts(fields: [nil, nil, nil, nil, nil])) == nil)
  }
}
