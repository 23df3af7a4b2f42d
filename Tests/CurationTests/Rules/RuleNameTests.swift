import Curation
import Records
import Testing

/// Names that users give to rules.
@Suite struct RuleNameTests {
  private func rules(_ json: String) throws -> RuleSet { try RuleSet(settings: JSON.parse(Array(json.utf8))) }

  @Test func aPatternHasItsName() throws {
    let rules = try rules(
      #"[{"rule":"pattern","name":"mentions-url","pattern":"https?://","fields":["output"]},{"rule":"pattern","pattern":"b"}]"#
    )
    let found = rules.findings(in: Pair(instruction: "http://a", output: "b http://a"))
    #expect(found.map(\.rule) == ["mentions-url", "pattern-v1"])
    let settings = try #require(rules.settings.array)
    #expect(settings[0]["rule"]?.string == "pattern-v1" && settings[0]["name"]?.string == "mentions-url")
    #expect(settings[1]["name"] == nil)
    // What is recorded can be read again.
    #expect(try RuleSet(settings: rules.settings).settings == rules.settings)
  }

  @Test(arguments: ["", "a b", "refusal", "refusal-v1", "personal-data", "all", "rouge-l", "sql", "é", "x\n"])
  func aNameIsItsOwn(name: String) throws {
    let text = String(decoding: CanonicalJSON.encode(.string(name)), as: UTF8.self)
    #expect(throws: RuleSetFailure.self) { try rules(#"[{"rule":"pattern","pattern":"a","name":\#(text)}]"#) }
    #expect(!RuleSet.isFree(name))
  }

  @Test func otherRulesHaveTheirs() throws {
    #expect(RuleSet.isFree("low-quality_2.x") && !RuleSet.isFree(String(repeating: "a", count: 61)))
    #expect(throws: RuleSetFailure.self) { try rules(#"[{"rule":"refusal","name":"mine"}]"#) }
    // All rules at a place of a list.
    #expect(
      try rules(#"["all",{"rule":"pattern","pattern":"a"}]"#).settings.array?.count == RuleSet.all.count + 1)
  }
}
