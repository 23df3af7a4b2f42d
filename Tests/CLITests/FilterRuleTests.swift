import Testing

/// Rules of the user's: conditions in SQL, regular expressions with a name, and all of it in a recipe.
@Suite struct FilterRuleTests {
  /// The sample's versions, of which one record has a low score and two have none.
  private static func linked() async throws -> TestRepository {
    let repository = try await Sample.versions()
    try repository.write(
      "more.jsonl",
      #"{"instruction":"Where?","output":"See https://example.org/a.","topic":"links"}"# + "\n"
        + #"{"instruction":"Where else?","output":"Nowhere.","topic":"links"}"# + "\n")
    try await repository.run("commit", "more.jsonl", "-m", "More")
    return repository
  }

  @Test func aConditionIsARule() async throws {
    let repository = try await Self.linked()
    try await repository.check(
      #"""
      $ mdata filter main --drop-where "quality < 4" --drop-where "topic = 'links' AND length(output) < 10" --dry-run
      - #1:3  Is aspirin an antibiotic?
          sql
      - #2:2  Where else?
          sql
      Would leave out 2 records (2 sql) of 8, and keep 6 records
      $ mdata filter main --rule '{"rule":"sql","name":"low-quality","where":"quality < 4"}' --rule '{"rule":"sql","severity":"flag","name":"unscored","where":"quality IS NULL"}' --rule '{"rule":"pattern","name":"mentions-url","pattern":"https?://","fields":["output"]}' --report decisions.jsonl
      - #1:3  Is aspirin an antibiotic?
          low-quality
      - #2:1  Where?
          mentions-url
      Left out 2 records (1 low-quality, 1 mentions-url) as #3: 6 records now
      To look at: 5 unscored
      $ mdata log --dropped
      #3  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
          Filter out 2 records

          - #1:3  low-quality
          - #2:1  mentions-url

      $ mdata query "SELECT rule, decision FROM reasons ORDER BY rule"
      rule          decision
      ------------  --------
      low-quality   drop
      mentions-url  drop
      2 rows
      $ mdata why #1:3
      #1:3  Is aspirin an antibiotic?
      It is not in #3: `filter` dropped it (low-quality)
        removed by A Tester <tester@localhost> on 2026-01-01 in #3, Filter out 2 records
        settings of `filter`:
          rules  {"name":"low-quality","rule":"sql","severity":"drop","where":"quality < 4"}, {"name":"unscored","rule":"sql","severity":"flag","where":"quality IS NULL"}, {"fields":["output"],"name":"mentions-url","pattern":"https?://","rule":"pattern-v1","severity":"drop"}
      $ mdata filter main --drop-where "quality < 4"
      Nothing to leave out of 6 records
      $ mdata filter more.jsonl --drop-where "topic = 'links'"
      error: a condition in SQL is about the records of a version, and this is a file
      hint: commit it first, and filter the version: `mdata commit FILE -m MESSAGE`
      [exit 64]
      $ mdata filter main --drop-where "qality < 4"
      error: there is no column `qality` (line 1, column 1)
      hint: did you mean `quality`?
      hint: `mdata help query` lists the columns; those of your rows are columns of `records`, too
      [exit 64]
      $ mdata filter main --drop-where "quality < 4; SELECT 1"
      error: SQLite does not understand the query: near ";": syntax error (line 1, column 12)
      hint: the views are records, pairs, batches, origins, scores, commits, reasons, runs, seen, diff; `mdata help query` lists their columns
      [exit 64]
      $ mdata filter main --drop-where " "
      error: the condition is empty
      hint: the form is `mdata filter [<options>] [<source>]`
      hint: see `mdata filter --help`
      [exit 64]
      $ mdata filter main --rule sql
      error: the setting `where` of the rule `sql` is not a condition in SQL, such as "quality < 3"
      hint: write it like `--rule '{"rule":"sql","name":"low-quality","where":"quality < 3"}'`
      [exit 64]
      $ mdata filter main --rule '{"rule":"sql","where":"1","name":"refusal"}'
      error: the setting `name` of the rule `sql` is not a name of its own: letters, digits, `_`, `-` and `.`, up to 60, and not a rule's
      hint: write it like `--rule '{"rule":"sql","name":"low-quality","where":"quality < 3"}'`
      [exit 64]
      $ mdata filter main --rule '{"rule":"sql","where":"1","words":3}'
      error: the rule `sql` has no setting `words`
      hint: its settings are name, severity, where
      [exit 64]
      $ mdata filter main --rule '{"rule":"pattern","name":"a b","pattern":"x"}'
      error: the setting `name` of the rule `pattern-v1` is not a name of its own: letters, digits, `_`, `-` and `.`, up to 60, and not a rule's
      [exit 64]
      $ mdata filter main --drop-where "quality < 4" --time-limit 0
      error: `--time-limit 0.0` leaves no time
      hint: the form is `mdata filter [<options>] [<source>]`
      hint: see `mdata filter --help`
      [exit 64]
      $ mdata filter main --rule all --drop-where "quality < 6" --json --dry-run
      {"commit":null,"dropped":2,"drops":[{"decision":"drop","nearest":null,"record":"#1:1","row":1,"rule":"sql","score":null},{"decision":"drop","nearest":null,"record":"#1:2","row":2,"rule":"sql","score":null}],"dry_run":true,"flags":{},"from":"#3/40","rows":6,"rules":{"sql":2},"schema":"mdata.filter/v1"}
      """#)
    let report = try repository.text("decisions.jsonl")
    #expect(report.contains(#"{"decision":"drop","nearest":null,"record":"#), "\(report)")
    #expect(report.contains(#""flags":[{"rule":"unscored"}]"#), "\(report)")
  }

  @Test func theOrderOfRulesDecides() async throws {
    let repository = try await Self.linked()
    let pattern = #"{"rule":"pattern","name":"url","pattern":"https?://"}"#
    let condition = #"{"rule":"sql","name":"links","where":"topic = 'links'"}"#
    for (rules, counts) in [
      ([pattern, condition], #""links":1,"url":1"#), ([condition, pattern], #""links":2"#),
    ] {
      let output = try await repository.run(
        ["filter", "--json", "--dry-run"] + rules.flatMap { ["--rule", $0] })
      #expect(output.stdout.contains("\"rules\":{\(counts)}"), "\(output.text)")
    }
  }

  @Test func aRecipeSaysHowToFilter() async throws {
    let repository = try await Self.linked()
    try repository.write("recipes/seeds.jsonl", #"{"instruction":"What is a vein?","output":"x"}"# + "\n")
    try repository.write(
      "recipes/clean.yaml",
      """
      teacher: claude
      filters:
        rouge_l: 0.9
        policy: isolated
        tokenizer: unicode
        fields: [instruction]
        group_by: topic
        against: [seeds.jsonl, v1]
        rules:
          - refusal
          - {rule: too-long, output: 500}
          - {rule: pattern, name: mentions-url, pattern: 'https?://', fields: [output]}
          - {rule: sql, name: low-quality, where: quality < 4}

      """)
    try repository.write("rules.yaml", "filters:\n  rules: [{rule: pattern, pattern: 'h.re'}]\n")
    for (name, text) in [
      ("unknown", "filters:\n  rouge-l: 0.7\n"), ("word", "filters: {policy: first}\n"),
      ("number", "filters:\n  rouge_l: high\n"), ("rule", "filters:\n  rules:\n    - refusl\n"),
      ("setting", "filters:\n  rules:\n    - {rule: too-long, wrds: 5}\n"), ("none", "teacher: claude\n"),
      ("field", "filters: {fields: [question]}\n"), ("list", "filters: {rules: [[a]]}\n"),
      ("against", "filters: {rules: [refusal], against: [v1]}\n"),
    ] {
      try repository.write("\(name).yaml", text)
    }
    try await repository.check(
      #"""
      $ mdata filter main --recipe recipes/clean.yaml --dry-run
      - #1:1  Name one cause of fever.
          1.000 like #1:1  
      - #1:2  Translate into plain words.
          1.000 like #1:2  
      - #1:3  Is aspirin an antibiotic?
          low-quality
      - #1:4  给发热下一个定义。
          1.000 like #1:4  
      - #2:1  Where?
          mentions-url
      - #3:1  What is a vein?
          1.000 like recipes/seeds.jsonl:1  
      Would leave out 6 records (1 low-quality, 1 mentions-url, 4 rouge-l) of 8, and keep 2 records
      $ mdata filter main --recipe recipes/clean.yaml --rouge-l 1 --rule refusal --against v1 --json --dry-run
      {"commit":null,"dropped":0,"drops":[],"dry_run":true,"flags":{},"from":"#4/40","rows":8,"rules":{},"schema":"mdata.filter/v1"}
      $ mdata filter more.jsonl --recipe rules.yaml
      - row 1  Where?
          pattern-v1
      - row 2  Where else?
          pattern-v1
      Would leave out 2 rows (2 pattern-v1) of 2, and keep 0 rows
      $ mdata filter main --recipe recipes/clean.yaml -m "As the recipe says"
      - #1:1  Name one cause of fever.
          1.000 like #1:1  
      - #1:2  Translate into plain words.
          1.000 like #1:2  
      - #1:3  Is aspirin an antibiotic?
          low-quality
      - #1:4  给发热下一个定义。
          1.000 like #1:4  
      - #2:1  Where?
          mentions-url
      - #3:1  What is a vein?
          1.000 like recipes/seeds.jsonl:1  
      Left out 6 records (1 low-quality, 1 mentions-url, 4 rouge-l) as #5: 2 records now
      $ mdata why #1:3
      #1:3  Is aspirin an antibiotic?
      It is not in #5: `filter` dropped it (low-quality)
        removed by A Tester <tester@localhost> on 2026-01-01 in #5, As the recipe says
        settings of `filter`:
          against    seeds.jsonl, #6/40
          fields     instruction
          group_by   topic
          policy     isolated
          rouge_l    0.9
          rules      {"rule":"refusal-v1","severity":"drop"}, {"input":4000,"instruction":1000,"output":500,"rule":"too-long-v1","severity":"drop","unit":"words"}, {"fields":["output"],"name":"mentions-url","pattern":"https?://","rule":"pattern-v1","severity":"drop"}, {"name":"low-quality","rule":"sql","severity":"drop","where":"quality < 4"}
          tokenizer  unicode-v1/18.0.0/15.0.0
      $ mdata filter main --recipe unknown.yaml
      error: unknown.yaml:2:3: unknown key `rouge-l`; filters have rouge_l, policy, tokenizer, fields, group_by, rules, against
      [exit 78]
      $ mdata filter main --recipe word.yaml
      error: word.yaml:1:19: `filters.policy` must be one of greedy, isolated
      [exit 78]
      $ mdata filter main --recipe number.yaml
      error: number.yaml:2:12: `filters.rouge_l` must be a number
      [exit 78]
      $ mdata filter main --recipe rule.yaml
      error: rule.yaml:3:7: there is no rule `refusl`
      hint: did you mean `refusal`?
      hint: rules are empty, too-short, too-long, placeholder, prompt-leakage, refusal, repetition, repeated-lines, answer-equals-question, unanswered-choice, language, control-characters, email, phone, iban, us-ssn, payment-card, ip-address, pattern, personal-data, sql
      [exit 78]
      $ mdata filter main --recipe setting.yaml
      error: setting.yaml:3:7: the rule `too-long-v1` has no setting `wrds`
      hint: its settings are input, instruction, output, severity, unit
      [exit 78]
      $ mdata filter main --recipe none.yaml
      error: none.yaml:1:1: the recipe has no `filters`
      [exit 78]
      $ mdata filter main --recipe field.yaml
      error: field.yaml:1:20: `filters.fields` must be one of system, turns, instruction, input, output
      [exit 78]
      $ mdata filter main --recipe list.yaml
      error: list.yaml:1:19: `filters.rules` holds a rule that is neither a name nor a mapping with `rule`
      [exit 78]
      $ mdata filter main --recipe against.yaml
      error: there is something to compare with, and no threshold of likeness
      hint: give `--rouge-l 0.7`, or `rouge_l` in the recipe
      [exit 64]
      $ mdata filter main --recipe rules.yaml --policy isolated
      error: what is compared, and how, belongs to a threshold, and the recipe has none
      hint: give `--rouge-l 0.7`, or `rouge_l` in the recipe
      [exit 64]
      $ mdata filter main --recipe absent.yaml
      error: cannot open `$PLACE/absent.yaml`: No such file or directory
      hint: give the path of a file that exists; relative paths begin where mdata runs
      [exit 66]
      """#)
  }

  /// What an import keeps of a recipe is what it holds, whatever `mdata filter` would make of it.
  @Test func anImportKeepsTheFiltersAsTheyAre() async throws {
    let repository = try await Sample.files()
    try repository.write("made.yaml", "filters: {rouge_l: 0.7, judge: {model: x, least: 4}}\n")
    try await repository.run("commit", "second.csv", "--recipe", "made.yaml", "-m", "Second")
    let recipe = try await repository.run("query", "SELECT recipe FROM batches", "--csv", "--raw")
    #expect(
      recipe.stdout.contains(
        #""{""filters"":{""judge"":{""least"":4,""model"":""x""},""rouge_l"":0.7}}""#), "\(recipe.text)")
  }
}
