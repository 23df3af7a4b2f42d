import Testing

@Suite struct ProvenanceTests {
  @Test func blames() async throws {
    let repository = try await Sample.versions()
    try repository.write(
      "fix.jsonl",
      #"{"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain.","quality":4}"#
        + "\n")
    try await repository.run("commit", "--update", "fix.jsonl", "--key", "id", "-m", "Shorter")
    try await repository.check(
      #"""
      $ mdata show
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  6 records
          Shorter

      snapshot  #2/64
      changed   0 added, 1 edited, 0 removed
      batches   3
        #3  4 rows  first.jsonl
        #4  1 row  fix.jsonl
        #5  2 rows  second.csv
      $ mdata blame #3:1
      #3:1  Name one cause of fever.
        batch     #3  first.jsonl  4 rows
        file      first.jsonl, line 1
        teacher   claude
        prompt    answer.md
        seeds     s1
        score     quality = 4.5
        licence   CC0-1.0
        added     #6  2026-01-01  A Tester <tester@localhost>  First
        runs      no training run has seen it
      $ mdata blame #3:3
      #3:3  Is aspirin an antibiotic?
        batch     #3  first.jsonl  4 rows
        file      first.jsonl, line 3
        teacher   claude
        prompt    answer.md
        seeds     s2
        score     quality = 3
        licence   CC0-1.0
        edited in fix.jsonl, line 1
        score     quality = 4
        added     #6  2026-01-01  A Tester <tester@localhost>  First
        edited    #1  2026-01-01  A Tester <tester@localhost>  Shorter
        runs      no training run has seen it
      $ mdata blame #5:2
      #5:2  Say "ah".
        batch     #5  second.csv  2 rows
        file      second.csv, line 3
        teacher   unknown
        prompt    unknown
        seeds     unknown
        licence   unknown
        added     #7  2026-01-01  A Tester <tester@localhost>  Second
        runs      no training run has seen it
      $ mdata blame #3:2 v1
      #3:2  Translate into plain words.
        batch     #3  first.jsonl  4 rows
        file      first.jsonl, line 2
        teacher   claude
        prompt    answer.md
        seeds     s1, s2
        score     quality = 5
        licence   CC0-1.0
        added     #6  2026-01-01  A Tester <tester@localhost>  First
        runs      no training run has seen it
      $ mdata blame #3:3 --json
      {"batch":{"id":"#3","name":"first.jsonl","rows":4},"commits":[{"author":"A Tester <tester@localhost>","change":"added","commit":"#6/40","message":"First","time":"2026-01-01T00:00:00Z"},{"author":"A Tester <tester@localhost>","change":"edited","commit":"#1/40","message":"Shorter","time":"2026-01-01T00:00:00Z"}],"decisions":[],"edit":{"byte":0,"file":"fix.jsonl","length":95,"license":"CC0-1.0","line":1,"prompt":"answer.md","prompts":["answer.md"],"scores":{"quality":4},"seeds":["s2"],"teacher":"claude"},"origin":{"byte":396,"file":"first.jsonl","length":187,"license":"CC0-1.0","line":3,"prompt":"answer.md","prompts":["answer.md"],"scores":{"quality":3},"seeds":["s2"],"teacher":"claude"},"pair":"#8/64","record":"#3:3","row":{"columns":{"id":"p3","license":"CC0-1.0","prompt":"answer.md","quality":4,"seeds":["s2"],"teacher":"claude"},"instruction":"Is aspirin an antibiotic?","output":"No. It eases pain."},"runs":[],"schema":"mdata.blame/v1"}
      """#)
  }

  @Test func audits() async throws {
    let repository = try await Sample.versions()
    try repository.write(
      "odd.jsonl",
      """
      {"instruction":"Name one cause of fever.","output":"An infection."}
      {"instruction":"Say it.","output":"Say it."}
      {"instruction":"Nothing?","output":"  "}
      {"instruction":"Bell?","output":"Ring \\u0007"}

      """)
    try await repository.check(
      #"""
      $ mdata audit v1
      #1  4 records
      Answered
        seed      ████████████████████  100.0 %  4
        prompt    ████████████████████  100.0 %  4
        teacher   ████████████████████  100.0 %  4
        score     ███████████████·····   75.0 %  3
        licence   ████████████████████  100.0 %  4
      Licences
               4  CC0-1.0
      Anomalies
               1  a seed that is not in the batch's seed file, such as #2:4
      $ mdata commit odd.jsonl -m Odd
      Read 4 pairs of odd.jsonl as batch #3
      Committed #4 on main: 4 added, 0 edited, 0 removed; 10 records now
      $ mdata audit
      #4  10 records
      Answered
        seed      ████████············   40.0 %  4
        prompt    ████████············   40.0 %  4
        teacher   ████████············   40.0 %  4
        score     ██████··············   30.0 %  3
        licence   ████████············   40.0 %  4
      Licences
               4  CC0-1.0
               6  none stated
      Anomalies
               1  the same pair as an earlier record, such as #3:1
               1  an output of nothing but white space, such as #3:3
               1  an output equal to its instruction or input, such as #3:2
               1  control characters in the text, such as #3:4
               1  a seed that is not in the batch's seed file, such as #2:4
      $ mdata audit side --json
      {"anomalies":[{"count":1,"examples":["#2:4"],"kind":"unknown-seed"}],"answered":{"license":4,"prompt":4,"score":3,"seed":4,"teacher":4},"commit":"#1/40","gates":[],"licenses":[{"license":"CC0-1.0","records":4}],"passed":true,"records":4,"schema":"mdata.audit/v1","snapshot":"#5/64"}
      """#)
  }
}
