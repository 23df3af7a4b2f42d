import Testing

/// Rules of the user's: conditions in SQL, and regular expressions with a name.
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
}
