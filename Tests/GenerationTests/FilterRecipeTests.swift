import Generation
import Records
import Testing

/// What a recipe says of how rows are filtered.
@Suite struct FilterRecipeTests {
  private func read(_ text: String) throws(RecipeError) -> FilterRecipe {
    try FilterRecipe(
      yaml: text, name: "r.yaml", policies: ["greedy", "isolated"], tokenizers: ["rouge", "auto"])
  }

  @Test func readsEveryKey() throws {
    let recipe = try read(
      """
      teacher: some-model
      filters:
        rouge_l: 0.7
        policy: isolated
        tokenizer: rouge
        fields: [instruction, output]
        group_by: topic
        against: [seeds.jsonl, v1]
        rules:
          - refusal
          - {rule: too-long, output: 500}
          - rule: pattern
            pattern: 'https?://'
      """)
    #expect(recipe.rougeL == 0.7 && recipe.policy == "isolated" && recipe.tokenizer == "rouge")
    #expect(recipe.fields == [.instruction, .output] && recipe.groupBy == "topic")
    #expect(recipe.against == ["seeds.jsonl", "v1"])
    #expect(recipe.rules.map(\.line) == [10, 11, 12] && recipe.rules.allSatisfy { $0.column == 7 })
    #expect(recipe.rules[0].value == .string("refusal"))
    #expect(recipe.rules[1].value["output"]?.int == 500)
    #expect(recipe.rules[2].value["pattern"]?.string == "https?://")
    // What is not said stays open, and a single rule or field needs no list.
    let small = try read("filters: {rules: refusal, fields: input}")
    #expect(small.rougeL == nil && small.policy == nil && small.against.isEmpty)
    #expect(small.rules.count == 1 && small.fields == [.input])
  }

  @Test(arguments: [
    ("filters:\n  rouge-l: 0.7", 2, 3, "unknown key `rouge-l`"), ("filters: 7", 1, 10, "must be a mapping"),
    ("teacher: x", 1, 1, "no `filters`"), ("filters:\n  policy: first", 2, 11, "one of greedy, isolated"),
    ("filters:\n  rouge_l: '0.7'", 2, 12, "must be a number"),
    ("filters:\n  rouge_l: .nan", 2, 12, "must be a number"),
    ("filters:\n  fields:\n    - output\n    - answer", 4, 7, "one of"),
    ("filters: {fields: []}", 1, 19, "no field"),
    ("filters:\n  rules:\n    - [a]", 3, 7, "neither a name nor"),
    ("filters:\n  rules:\n    - {severity: flag}", 3, 7, "neither a name nor"),
    ("filters: {rules: [refusal]}\nseed: x", 2, 1, "unknown key `seed`"),
  ])
  func refusesWithAPlace(_ text: String, line: Int, column: Int, says: String) {
    do throws(RecipeError) {
      _ = try read(text)
      Issue.record("accepted")
    } catch {
      let message = "\(error)"
      #expect(message.hasPrefix("r.yaml:\(line):\(column): ") && message.contains(says), "\(message)")
    }
  }
}
