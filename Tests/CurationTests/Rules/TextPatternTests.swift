import Records
import Testing

@testable import Curation

@Suite struct TextPatternTests {
  private func match(_ pattern: String, _ text: String) throws -> String? {
    let bytes = Array(text.utf8)
    return try TextPattern(pattern).firstMatch(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// What Python's `re` finds, which prefers as this machine does.
  @Test(
    arguments: [
      ("b+", "aabbbc", "bbb"), ("b+?", "aabbbc", "b"), ("a|ab", "ab", "a"), ("ab|a", "ab", "ab"),
      ("(a|ab)(c|bcd)", "abcd", "abcd"),
      ("x*", "aaa", ""), ("", "abc", ""), ("a*?b", "aaab", "aaab"), ("(?:ab)+", "xababab", "ababab"),
      ("a{2}", "aaaa", "aa"),
      ("a{2,3}", "aaaa", "aaa"), ("a{2,3}?", "aaaa", "aa"), ("a{2,}b", "aab", "aab"), ("a{0}b", "ab", "b"),
      ("^b", "ab", nil),
      ("b$", "ab", "b"), ("(?m)^b$", "a\nb\nc", "b"), ("^$", "", ""), ("a.c", "a\nc", nil),
      ("(?s)a.c", "a\nc", "a\nc"),
      ("[a-c]+", "xxabcd", "abc"), ("[^a-c]+", "abxyc", "xy"), ("[]a]+", "x]a]", "]a]"),
      ("[a\\]-]+", "x-]a", "-]a"),
      ("\\bkg\\b", "mkg kg", "kg"), ("\\Bkg", "mkg kg", "kg"), ("\\d+\\s*mg", "take 500 mg", "500 mg"),
      ("\\D+", "12ab3", "ab"),
      ("[\\d.]+", "v 3.5x", "3.5"), ("[\\W]+", "ab -c", " -"), ("(?i)aspirin", "take ASPIRIN", "ASPIRIN"),
      ("(?i)[^a]", "Ab", "b"),
      ("ö+", "aööb", "öö"), (".", "😀", "😀"), ("\\w+", "-naïve-", "naïve"), ("\\x{1F600}", "a😀", "😀"),
      ("a\\.b", "axb a.b", "a.b"),
      ("(a*)*b", "aaab", "aaab"), ("(a|b)*?c", "abac", "abac"), ("()*x", "x", "x"),
      ("(?:a?){3}b", "aab", "aab"),
      ("x|", "ax", ""), ("(?i)ÄRZTE", "ärzte", "ärzte"), ("a$|b", "ab", "b"),
      ("\\t\\n\\r", "\t\n\r", "\t\n\r"),
    ] as [(String, String, String?)]) func matches(pattern: String, text: String, expected: String?) throws
  {
    #expect(try match(pattern, text) == expected)
  }

  @Test(arguments: [
    "(", ")", "(?=a)", "(?<n>a)", "(?P<n>a)", "[", "[a", "[b-a]", "[\\d-z]x[", "a**", "*", "+a", "?", "{1}",
    "a{", "a{2,1}", "a{256}",
    "a{1000000}", "\\", "\\1", "\\p", "\\x41", "\\x{110000}", "\\x{D800}", "\\x{}", "[[:alpha:]]", "(?x)a",
    "(?ix)a", "(a{200}){200}",
    "((((a{50}){50}){50}){50})",
  ]) func refused(pattern: String) {
    #expect(throws: TextPattern.Failure.self) { try TextPattern(pattern) }
  }

  @Test func limits() throws {
    #expect(throws: TextPattern.Failure.self) { try TextPattern(String(repeating: "a", count: 4097)) }
    #expect(throws: TextPattern.Failure.self) { try TextPattern(String(repeating: "(", count: 60)) }
    #expect(throws: TextPattern.Failure.self) {
      try TextPattern(String(repeating: "(", count: 60) + String(repeating: ")", count: 60))
    }
    // What is nothing is not written out, however often it is asked for.
    #expect(try TextPattern("((((){255}){255}){255}){255}").firstMatch(in: []) == 0..<0)
  }

  /// Expressions that take other machines a power or more of the text's length.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["(a*)*b", "(a|a)*b", "(a|aa)+$", "(.*)(.*)(.*)x", "(a?){200}a{200}b"])
  func hardOnesEnd(pattern: String) throws {
    #expect(try match(pattern, String(repeating: "a", count: 3000) + "!") == nil)
  }

  /// Against a matcher that tries everything in order, on small expressions.
  @Test func sameAsTryingEverything() throws {
    var random = SplitMix64(seed: 41)
    func node(_ depth: Int) -> (text: String, run: (ArraySlice<UInt8>) -> [Int]) {
      switch random.next(below: depth > 2 ? 2 : 6) {
      case 0, 1:
        let letter = UInt8(ascii: "a") + UInt8(random.next(below: 2))
        return (String(UnicodeScalar(letter)), { $0.first == letter ? [1] : [] })
      case 2:
        let (one, other) = (node(depth + 1), node(depth + 1))
        return ("(\(one.text)|\(other.text))", { one.run($0) + other.run($0) })
      case 3, 4:
        let (one, other) = (node(depth + 1), node(depth + 1))
        return (
          one.text + other.text,
          { text in one.run(text).flatMap { first in other.run(text.dropFirst(first)).map { first + $0 } } }
        )
      default:
        let (inner, isGreedy) = (node(depth + 1), random.next(below: 2) == 0)
        // Up to two times; more would say nothing new on texts this short.
        func times(_ left: Int, _ text: ArraySlice<UInt8>) -> [Int] {
          guard left > 0 else { return [0] }
          let more = inner.run(text).flatMap { first in
            times(left - 1, text.dropFirst(first)).map { first + $0 }
          }
          return isGreedy ? more + [0] : [0] + more
        }
        return ("(?:\(inner.text)){0,2}" + (isGreedy ? "" : "?"), { times(2, $0) })
      }
    }
    for _ in 0..<1500 {
      let (pattern, run) = node(0)
      let compiled = try TextPattern(pattern)
      for _ in 0..<4 {
        let text = (0..<random.next(below: 8)).map { _ in UInt8(ascii: "a") + UInt8(random.next(below: 3)) }
        var expected: Range<Int>?
        for start in 0...text.count where expected == nil {
          expected = run(text[start...]).first.map { start..<(start + $0) }
        }
        #expect(
          compiled.firstMatch(in: text) == expected, "\(pattern) in \(String(decoding: text, as: UTF8.self))")
      }
    }
  }

  @Test func anyExpressionAndAnyBytes() {
    var random = SplitMix64(seed: 43)
    let pieces = Array("ab()[]{}|*+?^$\\.-,0123dwsbDWSBx:Pi=é😀".unicodeScalars)
    var read = 0
    for _ in 0..<5000 {
      var pattern = ""
      for _ in 0..<random.next(below: 10) {
        pattern.unicodeScalars.append(pieces[Int(random.next(below: UInt64(pieces.count)))])
      }
      guard let compiled = try? TextPattern(pattern) else { continue }
      read += 1
      let text = (0..<random.next(below: 20)).map { _ in UInt8(random.next(below: 256)) }
      if let match = compiled.firstMatch(in: text) { #expect(match.upperBound <= text.count) }
    }
    #expect(read > 500)
  }

  @Test func asARule() throws {
    let rule = PatternRule(try TextPattern("(?i)\\bcure\\b"), in: [.output, .turns])
    let pair = Pair(
      instruction: "Is there a cure?", output: "No Cure is known.",
      turns: [.init(role: .user, content: "a cure")])
    let marks = rule.marks(in: RuleSubject(pair))
    #expect(marks.map(\.field) == [.turns, .output])
    #expect(marks.map(\.span) == [2..<6, 3..<7])
    let set = RuleSet([(rule, .flag)])
    #expect(try RuleSet(settings: set.settings).findings(in: pair) == set.findings(in: pair))
    #expect(RuleCheck.fields(PatternRule(), pair) == [])
    for (name, value) in [
      ("pattern", JSONValue.string("(")), ("pattern", .number(1)), ("fields", .array([.string("x")])),
    ] {
      #expect(throws: RuleSetFailure.self) {
        try RuleSet(
          settings: .array([.object([JSONMember("rule", .string("pattern")), JSONMember(name, value)])]))
      }
    }
  }
}
