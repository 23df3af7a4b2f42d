import Testing

/// What `mdata score` says, and that everything that asks for scores sees them.
@Suite struct ScoreTests {
  /// The sample's versions with files of scores beside it. No clinician judged these texts.
  private static func judged() async throws -> TestRepository {
    let repository = try await Sample.versions()
    let query = try await repository.run(
      "query", "SELECT record, pair FROM records ORDER BY position", "--csv", "--raw")
    let rows = query.stdout.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
    try #require(rows.count == 6)
    let lines = [
      #"{"record":"\#(rows[5][0])","style":2,"why":"curt","output":"4"}"#,
      #"{"record":"\#(rows[0][0])","style":4.5,"safety":1}"#, #"{"record":"\#(rows[1][0])","style":null}"#,
      #"{"style":3,"safety":0.25,"record":"\#(rows[4][0])"}"#,
    ]
    try repository.write("scores.jsonl", lines.joined(separator: "\n") + "\n")
    try repository.write("judged.csv", "id,rating,note\np1,4,\"fine, mostly\"\np4,,no answer\np3,2.5,\n")
    try repository.write("pairs.json", #"[{"pair":"\#(rows[2][1])","style":5}]"#)
    return repository
  }

  @Test func scoresOfAFile() async throws {
    let repository = try await Self.judged()
    try await repository.check(
      #"""
      $ mdata score main --from scores.jsonl --dry-run
      Read 4 rows of scores.jsonl
        style   3 records  2 to 4.5, mean 3.1667
        safety  2 records  0.25 to 1, mean 0.6250
      Would score 3 records
      note: 1 row without a number: unscored
      $ mdata score main --from scores.jsonl -m "Judged"
      Read 4 rows of scores.jsonl
        style   3 records  2 to 4.5, mean 3.1667
        safety  2 records  0.25 to 1, mean 0.6250
      Committed #1 on main: scored 3 records
      note: 1 row without a number: unscored
      $ mdata score main --from scores.jsonl
      Read 4 rows of scores.jsonl
        style   3 records  2 to 4.5, mean 3.1667
        safety  2 records  0.25 to 1, mean 0.6250
      Nothing changed, 3 had the same: no commit made
      note: 1 row without a number: unscored
      $ mdata score --from judged.csv --key id --column quality=rating
      Read 3 rows of judged.csv
        quality  2 records  2.5 to 4, mean 3.2500
      Committed #2 on main: scored 2 records
      note: 1 row without a number: unscored
      $ mdata score --from pairs.json --json
      {"branch":"main","commit":"#3/40","dry_run":false,"edited":1,"file":"pairs.json","from":"#2/40","query":null,"rows":1,"schema":"mdata.score/v1","scores":[{"max":5,"mean":5,"min":5,"name":"style","records":1}],"sha256":"#4/64","unchanged":0,"unscored":0}
      $ mdata query "SELECT r.position, s.name, s.score FROM scores s JOIN records r USING (record) ORDER BY 1, 2" --csv
      position,name,score
      1,quality,4
      1,safety,1
      1,style,4.5
      2,quality,5
      3,quality,2.5
      3,style,5
      5,safety,0.25
      5,style,3
      6,style,2
      $ mdata query "SELECT position, style, safety, quality FROM records" --csv
      position,style,safety,quality
      1,4.5,1,4
      2,,,5
      3,5,,2.5
      4,,,
      5,3,0.25,
      6,2,,
      $ mdata log -n 3
      #3  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
          Score 1 record: style

      #2
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
          Score 2 records: quality

      #1
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
          Judged

      $ mdata undo
      Undid operation 7: score HEAD: Score 1 record: style
        main  #3 → #2
      This is operation 8. Next: `mdata op log`
      """#)
  }

  @Test func scoresOfAQuery() async throws {
    let repository = try await Self.judged()
    try await repository.check(
      #"""
      $ mdata score --sql "SELECT record, length(output) AS answer_length, quality / 5.0 AS q FROM records WHERE position < 5"
      Read 4 rows of the query
        answer_length  4 records  9 to 35, mean 22.5000
        q              3 records  0.6 to 1, mean 0.8333
      Committed #1 on main: scored 4 records
      $ mdata score --sql "SELECT record, length(output) AS answer_length FROM records WHERE position < 5"
      Read 4 rows of the query
        answer_length  4 records  9 to 35, mean 22.5000
      Nothing changed, 4 had the same: no commit made
      $ mdata query "SELECT position, answer_length, q FROM records" --csv
      position,answer_length,q
      1,13,0.9
      2,33,1
      3,35,0.6
      4,9,
      5,,
      6,,
      $ mdata query "SELECT kind, rows, recipe FROM batches WHERE kind = 'edited'" --csv
      kind,rows,recipe
      edited,4,"{""score"":{""sql"":""SELECT record, length(output) AS answer_length, quality / 5.0 AS q FROM records WHERE position < 5""}}"
      """#)
  }

  @Test func blameAndWhySayWhereScoresCameFrom() async throws {
    let repository = try await Self.judged()
    try await repository.run("score", "--from", "scores.jsonl", "-m", "Judged")
    try await repository.run(
      "score", "--sql", "SELECT record, length(output) AS answer_length FROM records WHERE quality = 3")
    try await repository.check(
      #"""
      $ mdata query "SELECT record FROM records WHERE position IN (1, 3)"
      record
      ----------
      #1:1
      #1:3
      2 rows
      $ mdata blame #1:1
      #1:1  Name one cause of fever.
        batch     #1  first.jsonl  4 rows
        file      first.jsonl, line 1
        teacher   claude
        prompt    answer.md
        seeds     s1
        score     quality = 4.5
        licence   CC0-1.0
        edited in scores.jsonl, line 2
        score     quality = 4.5
        score     safety = 1
        score     style = 4.5
        added     #2  2026-01-01  A Tester <tester@localhost>  First
        edited    #3  2026-01-01  A Tester <tester@localhost>  Judged
        runs      no training run has seen it
      $ mdata why #1:1
      #1:1  Name one cause of fever.
      It is in #4: edited by A Tester <tester@localhost> on 2026-01-01 in #3, Judged
        its row came with scores.jsonl, line 2
      $ mdata blame #1:3
      #1:3  Is aspirin an antibiotic?
        batch     #1  first.jsonl  4 rows
        file      first.jsonl, line 3
        teacher   claude
        prompt    answer.md
        seeds     s2
        score     quality = 3
        licence   CC0-1.0
        edited in SELECT record, length(output) AS answer_length FROM records WHERE quality = 3
        score     answer_length = 35
        score     quality = 3
        added     #2  2026-01-01  A Tester <tester@localhost>  First
        edited    #4  2026-01-01  A Tester <tester@localhost>  Score 1 record: answer_length
        runs      no training run has seen it
      $ mdata why #1:3 --json
      {"change":{"author":"A Tester <tester@localhost>","change":"edited","commit":"#4/40","message":"Score 1 record: answer_length","time":"2026-01-01T00:00:00Z"},"choice":null,"commit":"#4/40","decisions":[],"edit":{"byte":null,"file":null,"length":null,"license":"CC0-1.0","line":null,"prompt":"answer.md","prompts":["answer.md"],"query":"SELECT record, length(output) AS answer_length FROM records WHERE quality = 3","scores":{"answer_length":35,"quality":3},"seeds":["s2"],"teacher":"claude"},"instruction":"Is aspirin an antibiotic?","nearest":null,"present":true,"record":"#1:3","schema":"mdata.why/v1"}
      """#, changesNothing: true)
  }

  @Test func whatAsksForScoresSeesThem() async throws {
    let repository = try await Sample.versions()
    try repository.write(
      "twins.jsonl",
      #"{"id":"a","instruction":"Why?","output":"So."}"# + "\n"
        + #"{"id":"b","instruction":"Why?","output":"so."}"#
        + "\n")
    try await repository.run("commit", "twins.jsonl", "-m", "Twins")
    try repository.write("scores.csv", "id,grade\na,1\nb,5\np1,3\n")
    try await repository.run("switch", "--create", "theirs")
    try await repository.run("switch", "main")
    try await repository.check(
      #"""
      $ mdata score --from scores.csv --key id
      Read 3 rows of scores.csv
        grade  3 records  1 to 5, mean 3.0000
      Committed #1 on main: scored 3 records
      $ mdata select --where "grade >= 4" --dry-run
      Would keep 1 record of 8 on main
      $ mdata audit --min-score grade=2
      #1  8 records
      Answered
        seed      ██████████··········   50.0 %  4
        prompt    ██████████··········   50.0 %  4
        teacher   ██████████··········   50.0 %  4
        score     ████████████········   62.5 %  5
        licence   ██████████··········   50.0 %  4
      Licences
               4  CC0-1.0
               4  none stated
      Anomalies
               1  a seed that is not in the batch's seed file, such as #2:4
      Gates
        FAIL  min-score grade=2: 6 records: #2:2, #2:3, #2:4, #3:1, #4:1, …
      [exit 1]
      $ mdata dedup --keep best-score --score grade --dry-run
      - #3:1  Why?
          normalised duplicate of #3:2
          output: [-So.-]{+so.+}
          it differs in grade, id
      Would drop 1 record (1 normalised) of 8, and keep 7
      """#)
    let kept = try await repository.run("dedup", "--keep", "best-score", "--score", "grade")
    #expect(kept.code == 0, "\(kept.text)")
    let left = try await repository.run("query", "SELECT id FROM records WHERE instruction = 'Why?'", "--csv")
    #expect(left.stdout == "id\r\nb\r\n" || left.stdout == "id\nb\n", "\(left.text)")
  }

  @Test func aMergeTakesTheBetterScore() async throws {
    let repository = try await Sample.versions()
    for (branch, answer, grade) in [("main", "Ours.", 2), ("better", "Theirs.", 4)] {
      if branch == "better" {
        try await repository.run("switch", "main")
        try await repository.run("branch", "better", "HEAD~2")
        try await repository.run("switch", "better")
      }
      try repository.write(
        "edit.jsonl", #"{"id":"p1","instruction":"Name one cause of fever.","output":"\#(answer)"}"# + "\n")
      try repository.write("grade.csv", "id,grade\np1,\(grade)\n")
      let edit = try await repository.run("commit", "--update", "edit.jsonl", "--key", "id", "-m", "Edit")
      #expect(edit.code == 0, "\(edit.text)")
      let score = try await repository.run("score", "--from", "grade.csv", "--key", "id")
      #expect(score.code == 0, "\(score.text)")
    }
    try await repository.run("switch", "main")
    let merge = try await repository.run("merge", "better", "--best-score", "--score", "grade")
    #expect(merge.code == 0, "\(merge.text)")
    let row = try await repository.run("query", "SELECT output, grade FROM records WHERE id = 'p1'", "--csv")
    #expect(row.stdout.contains("Theirs.,4"), "\(row.text)")
  }

  @Test func refusesWhatIsNoScore() async throws {
    let repository = try await Self.judged()
    func row(_ members: String) throws -> String {
      let first = try repository.text("scores.jsonl").split(separator: "\n")[1]
      let record = first.prefix { $0 != "," }
      return "\(record),\(members)}\n"
    }
    try repository.write("text.jsonl", try row(#""style":4"#) + row(#""style":"bad""#))
    try repository.write("twice.jsonl", try row(#""style":4"#) + row(#""style":5"#))
    try repository.write("taken.jsonl", try row(#""license":3"#))
    try repository.write("broken.jsonl", try row(#""style":4"#) + "{\n")
    try repository.write("none.jsonl", try row(#""why":"curt""#))
    try repository.write("unknown.jsonl", #"{"record":"0123456789ab0123456789ab:7","style":1}"# + "\n")
    try repository.write("unnamed.jsonl", #"{"id":"p1","style":1}"# + "\n")
    try repository.write("nan.csv", "id,style\np1,1\np2,nan\n")
    try await repository.check(
      #"""
      $ mdata score --from text.jsonl
      error: text.jsonl:2: column `style` holds a number on line 1 and something else on line 2
      hint: `--column NAME=COLUMN` names the columns that are scores; a judge that gave no number has null there
      [exit 65]
      $ mdata score --from text.jsonl --column style=style
      error: text.jsonl:2: column `style` does not hold a number
      hint: a judge that gave no number has null or nothing there: such a row is unscored
      [exit 65]
      $ mdata score --from twice.jsonl
      error: twice.jsonl:2: `style` of the record `#1:1` is 5, and 4 on line 1
      hint: leave one of the two rows out
      [exit 65]
      $ mdata score --from taken.jsonl
      error: taken.jsonl:1: a score cannot be called `license`: records have something else of that name
      hint: `--column NAME=license` gives it another name, and takes no other column
      [exit 65]
      $ mdata score --from broken.jsonl
      error: broken.jsonl:2:2: the text ends inside an object (byte 51)
      caused by: the row is: {
      hint: correct the row and run the same command again
      [exit 65]
      $ mdata score --from none.jsonl
      error: none.jsonl: no column beside the one that names records holds numbers
      hint: a row is such as {"record":"#2:42","quality":4.5}
      [exit 65]
      $ mdata score --from unknown.jsonl
      error: unknown.jsonl:1: the version has no record `#3/24:7`
      hint: it was removed, or belongs to another repository; new rows come with `mdata commit FILE`
      [exit 66]
      $ mdata score --from unnamed.jsonl
      error: unnamed.jsonl:1: the row has no column `record`
      hint: a row names its record in `record` (#2:42), or all with a pair in `pair`; or by a column of the records: `--key COLUMN`
      [exit 65]
      $ mdata score --from unnamed.jsonl --key name
      error: unnamed.jsonl:1: the row has no column `name`
      hint: every row names its record there; leave out rows that name none
      [exit 65]
      $ mdata score --from nan.csv --key id
      error: nan.csv:3: column `style` holds `nan`, which is no finite number
      hint: leave the cell empty where there is no score
      [exit 65]
      $ mdata score --from judged.csv --key id --column id2=nothing
      error: judged.csv: no row has the column `nothing`
      hint: the form is `--column NAME=COLUMN`, with a column of the file
      [exit 65]
      $ mdata score --from judged.csv --key id --column id=rating
      error: judged.csv:2: the record `#1:1` has a column `id` that is no number
      hint: give the score another name, with `--column NAME=COLUMN` or in the query with AS
      [exit 65]
      $ mdata score --from judged.csv --key rating
      error: judged.csv: no column beside the one that names records holds numbers
      hint: a row is such as {"record":"#2:42","quality":4.5}
      [exit 65]
      $ mdata score v1 --from judged.csv --key id
      error: `v1` is not a branch, so no version can follow it there
      hint: make one with `mdata branch NAME v1`, or look with `--dry-run`
      [exit 64]
      $ mdata score --from judged.csv --key id --column quality
      error: `--column quality` is not of the form NAME=COLUMN
      hint: such as `--column quality=rating`
      [exit 64]
      $ mdata score --from judged.csv --sql "SELECT 1"
      error: give `--from FILE` or `--sql SELECT`, where the scores are
      hint: the form is `mdata score [<options>] [<revision>]`
      hint: see `mdata score --help`
      [exit 64]
      $ mdata score --from -
      error: standard input has no name to record
      hint: give it one with `--name FILE`
      [exit 64]
      $ mdata score --sql "SELECT length(output) FROM records"
      error: the first column of the query is `length(output)` and has to be `record`
      hint: such as "SELECT record, length(output) AS answer_length FROM records"
      [exit 64]
      $ mdata score --sql "SELECT record, length(output) FROM records"
      error: a score cannot be called `length(output)`: a name is letters, digits, `_`, `-` and `.`, up to 100 bytes
      hint: name the column with AS, such as "SELECT record, length(output) AS answer_length FROM records"
      [exit 64]
      $ mdata score --sql "SELECT record, teacher AS t FROM records"
      error: row 1 of the query: `t` is a text and no number
      hint: `CAST(x AS REAL)` makes a number of a text that spells one; null leaves a record unscored
      [exit 65]
      $ mdata score --sql "SELECT record, 1 AS x FROM records WHERE position = 1 UNION ALL SELECT record, 1 FROM records WHERE position = 1"
      error: row 2 of the query: it names the record `#1:1`, as row 1 of the query does
      hint: a query names each record once: `… GROUP BY record`
      [exit 65]
      $ mdata score --sql "SELECT record, 9e999 AS x FROM records"
      error: row 1 of the query: `x` is no finite number
      hint: null leaves a record unscored
      [exit 65]
      $ mdata score --sql "SELECT 'x' AS record, 1 AS x"
      error: row 1 of the query: `x` is not a record id
      hint: a record id is a batch of at least four hex digits, a colon and a row, as in #2:42
      [exit 65]
      $ mdata score --sql "DELETE FROM records"
      error: a query only reads: DELETE is refused
      hint: a query is one SELECT over the views; `mdata commit` is what changes a version
      [exit 77]
      $ mdata score --sql "SELECT record, qality AS x FROM records"
      error: there is no column `qality` (line 1, column 16)
      hint: did you mean `quality`?
      hint: `mdata help query` lists the columns; those of your rows are columns of `records`, too
      [exit 64]
      """#, changesNothing: true)
  }

  @Test func standardInputIsReadOnce() async throws {
    let repository = try await Self.judged()
    let scores = try repository.bytes("scores.jsonl")
    let output = try await repository.run(["score", "--from", "-", "--name", "piped.jsonl"], input: scores)
    #expect(output.code == 0, "\(output.text)")
    let batches = try await repository.run(
      "query", "SELECT file, bytes FROM batches WHERE kind = 'edited'", "--csv")
    #expect(batches.stdout.contains("piped.jsonl,\(scores.count)"), "\(batches.text)")
  }

  @Test func aWrittenVersionHasTheColumn() async throws {
    let repository = try await Self.judged()
    try await repository.run("score", "--from", "judged.csv", "--key", "id", "--column", "quality=rating")
    let written = try await repository.run("checkout", "HEAD", "-o", "-")
    let lines = written.stdout.split(separator: "\n")
    #expect(lines[0].contains(#""quality":4,"#) || lines[0].contains(#""quality": 4,"#), "\(written.text)")
    let fsck = try await repository.run("fsck")
    #expect(fsck.code == 0, "\(fsck.text)")
  }
}
