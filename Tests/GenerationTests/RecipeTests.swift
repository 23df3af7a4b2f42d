import Generation
import Records
import Testing

@Suite struct RecipeTests {
  @Test func readsEveryKey() throws {
    let recipe = try Recipe(
      yaml: """
        teacher: some-model
        license: CC-BY-4.0
        prompts: [answer.md, judge.md]
        seeds: seeds.json
        columns:
          seeds: seed_ids
          score.rouge_l: max_rouge
        fields: {instruction: question}
        sampling: {temperature: 1.0, stop: ["###"], n: 1}
        """, name: "r.yaml")
    #expect(recipe.teacher == "some-model")
    #expect(recipe.license == "CC-BY-4.0")
    #expect(recipe.prompts == ["answer.md", "judge.md"])
    #expect(recipe.seeds == "seeds.json")
    #expect(recipe.columns == ["seeds": "seed_ids", "score.rouge_l": "max_rouge"])
    #expect(recipe.fields == ["instruction": "question"])
    let sampling = JSONValue.object([
      JSONMember("temperature", .number(1)), JSONMember("stop", .array([.string("###")])),
      JSONMember("n", .number(1)),
    ])
    #expect(recipe.notes == .object([JSONMember("sampling", sampling)]))
  }

  @Test(arguments: [
    ("teacher: [a]", 1), ("a: 1", 1), ("- a", 1), ("teacher: x\ncolumns: {wrong: a}", 2), ("", 1),
    ("teacher: x\n  license: [", 2), ("teacher: a\nteacher: b", 1), ("fields: {topic: a}", 1),
  ])
  func refusesWithAPlace(_ text: String, line: Int) {
    #expect {
      _ = try Recipe(yaml: text, name: "r.yaml")
    } throws: { error in
      guard let error = error as? RecipeError else { return false }
      switch error {
      case .syntax("r.yaml", _, let found, _), .shape("r.yaml", _, let found, _): return found >= line
      default: return false
      }
    }
  }

  @Test func aliasesCannotGrowWithoutEnd() {
    var text = "notes:\n  a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    for level in 1...6 {
      text +=
        "  a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
        + "]\n"
    }
    #expect(throws: RecipeError.self) { try Recipe(yaml: text, name: "r.yaml") }
  }
}
