import Records
import Testing

@testable import Curation

/// Texts were written for these tests; no clinician reviewed any.
@Suite struct RuleSetTests {
  @Test func namesAreUniqueAndHaveAVersion() {
    let names = RuleSet.all.map { type(of: $0).name }
    #expect(Set(names).count == names.count && names.count == 19)
    for name in names { #expect(name.hasSuffix("-v1")) }
    #expect(RuleSet.groups.flatMap(\.rules).allSatisfy { names.contains($0 + "-v1") })
  }

  @Test func byName() throws {
    let pair = Pair(instruction: "", output: "ann@lab.org")
    #expect(try RuleSet(named: ["empty"]).findings(in: pair).map(\.rule) == ["empty-v1"])
    #expect(
      try RuleSet(named: ["email-v1", "empty", "empty-v1"]).findings(in: pair).map(\.rule) == [
        "empty-v1", "email-v1",
      ])
    #expect(try RuleSet(named: ["personal-data"]).findings(in: pair).map(\.severity) == [.flag])
    #expect(try RuleSet().findings(in: pair).map(\.rule) == ["empty-v1", "too-short-v1", "email-v1"])
  }

  @Test func unknownNames() {
    #expect {
      try RuleSet(named: ["empty", "emty"])
    } throws: { error in
      guard case RuleSetFailure.unknownRule("emty", let known) = error else { return false }
      return known.contains("empty") && known.contains("personal-data")
    }
    #expect(throws: RuleSetFailure.self) { try RuleSet(named: ["empty-v2"]) }
    #expect(throws: RuleSetFailure.self) { try RuleSet(named: [""]) }
  }

  /// What is recorded of a set is enough to make it again.
  @Test func settingsMakeTheSameRules() throws {
    let set = RuleSet([
      (TooLongRule(instruction: 1, input: 2, output: 3, unit: .characters), .flag), (TooShortRule(), nil),
      (RepeatedLinesRule(most: 0.25), nil), (try LanguageRule(["de", "ja"]), .drop), (IPAddressRule(), nil),
    ])
    #expect(try RuleSet(settings: set.settings).settings == set.settings)
    let all = try RuleSet()
    #expect(try RuleSet(settings: all.settings).settings == all.settings)
    let brief = try RuleSet(
      settings: .array([
        .string("empty"),
        .object([JSONMember("rule", .string("repetition")), JSONMember("most", .number(0.5))]),
        .object([JSONMember("rule", .string("personal-data")), JSONMember("severity", .string("drop"))]),
      ]))
    let pair = Pair(instruction: "", output: "ann@lab.org")
    #expect(brief.findings(in: pair).map(\.severity) == [.drop, .drop])
  }

  @Test func settingsThatCannotBe() {
    func failure(_ members: [JSONMember]) -> RuleSetFailure? {
      do throws(RuleSetFailure) {
        _ = try RuleSet(settings: .array([.object(members)]))
        return nil
      } catch { return error }
    }
    let long = JSONMember("rule", .string("too-long"))
    #expect(
      failure([long, JSONMember("words", .number(1))])
        == .unknownSetting(
          rule: "too-long-v1", setting: "words",
          known: ["input", "instruction", "output", "severity", "unit"]))
    for value in [JSONValue.number(-1), .number(0.5), .number(1e300), .number(.nan), .string("1"), .null] {
      #expect(
        failure([long, JSONMember("output", value)])
          == .invalidSetting(
            rule: "too-long-v1", setting: "output", expected: "a whole number from 0 to 1000000000"))
    }
    #expect(failure([long, JSONMember("unit", .string("lines"))]) != nil)
    #expect(failure([long, JSONMember("severity", .string("keep"))]) != nil)
    #expect(failure([JSONMember("rule", .string("repetition")), JSONMember("most", .number(1.5))]) != nil)
    let language = JSONMember("rule", .string("language"))
    #expect(failure([language, JSONMember("languages", .array([.string("xx")]))]) != nil)
    #expect(failure([language, JSONMember("languages", .string("en"))]) != nil)
    #expect(failure([]) == .invalidList)
    #expect(throws: RuleSetFailure.invalidList) { try RuleSet(settings: .null) }
    #expect(throws: RuleSetFailure.invalidList) { try RuleSet(settings: .array([.number(1)])) }
  }

  @Test func severitiesAndSettings() {
    let rules = RuleSet([(EmptyRule(), .flag), (RepetitionRule(most: 0.5), nil)])
    #expect(rules.findings(in: Pair(instruction: "", output: "x")).map(\.severity) == [.flag])
    #expect(
      rules.settings
        == .array([
          .object([JSONMember("rule", .string("empty-v1")), JSONMember("severity", .string("flag"))]),
          .object([
            JSONMember("rule", .string("repetition-v1")), JSONMember("severity", .string("drop")),
            JSONMember("most", .number(0.5)),
          ]),
        ]))
  }

  /// Personal data is looked at by somebody, never dropped by default.
  @Test func personalDataIsFlagged() throws {
    for rule in RuleSet.all
    where RuleSet.groups[0].rules.contains(where: { type(of: rule).name == $0 + "-v1" }) {
      #expect(type(of: rule).severity == .flag)
    }
  }

  /// Random texts of pieces that rules look for: nothing traps, and spans lie in their fields, between characters.
  @Test func anyTextHasFindings() throws {
    let pieces = [
      "a", "B)", "(c)", "A.", "\n", " ", "###", "Task 1", ":", "<|im_start|>", "[INST]", "[insert ", "]",
      "<your ", ">",
      "{", "@", ".", "-", "x@y.org", "+", "1", "4111", "212-736-5000", "219-09-4321", "::", "f", "DE89",
      "3704", "0",
      "é", "漢", "😀", "\u{2019}", "I", "’m sorry, but i can", "\u{202E}", "\u{0}", "\u{E0041}", "\u{308}", "/",
      "#", "\"", "*",
      "As an AI", "todo:", "n/a", "\r", ",", "(", ")", "answer is ",
    ]
    let rules = RuleSet(RuleSet.all.map { ($0, nil) } + [(try LanguageRule(["en"]), nil)])
    var random = SplitMix64(seed: 31)
    func text() -> String {
      (0..<random.next(below: 30)).map { _ in pieces[Int(random.next(below: UInt64(pieces.count)))] }.joined()
    }
    var count = 0
    for _ in 0..<400 {
      let pair = Pair(
        instruction: text(), input: text(), output: text(), system: text(),
        turns: [.init(role: .user, content: text())])
      let subject = RuleSubject(pair)
      let findings = rules.findings(in: pair)
      #expect(findings == rules.findings(in: pair))
      for finding in findings {
        let found = subject.texts.first { $0.field == finding.mark.field && $0.turn == finding.mark.turn }
        let text = try #require(found)
        guard let span = finding.mark.span else { continue }
        count += 1
        #expect(!span.isEmpty && span.lowerBound >= 0 && span.upperBound <= text.bytes.count)
        #expect(String(validating: text.bytes[span], as: UTF8.self) != nil, "\(finding)")
      }
    }
    #expect(count > 300)
  }

  /// Random bytes, repaired to text as an import would.
  @Test func anyBytesHaveFindings() {
    var random = SplitMix64(seed: 33)
    let rules = RuleSet(RuleSet.all.map { ($0, nil) })
    for _ in 0..<1000 {
      let bytes = (0..<random.next(below: 80)).map { _ in
        UInt8(random.next(below: random.next(below: 2) == 0 ? 128 : 256))
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let findings = rules.findings(in: Pair(instruction: text, output: String(text.reversed())))
      #expect(findings.allSatisfy { !$0.rule.isEmpty })
    }
  }

  /// Texts that would cost a power of their length if a rule went back and forth in them.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "a@", "1 ", "A) ", "+1 ", "[insert ", "4111 ", "1.", "a:", "I cannot ", "#", "\n###", "’", "ab ", "0",
      "B) ",
      "\u{308}.", "a\u{301}\u{323}",
    ]) func longTextsOfOnePiece(piece: String)
  {
    let text = String(repeating: piece, count: 2000)
    let findings = RuleSet(RuleSet.all.map { ($0, nil) }).findings(in: Pair(instruction: text, output: text))
    #expect(findings.allSatisfy { $0.mark.span?.isEmpty != true })
  }
}
