import Testing

@Suite struct CommitTests {
  @Test func beginsARepository() async throws {
    let repository = try await TestRepository(initialised: false)
    try await repository.check(
      #"""
      $ mdata init
      Made an empty repository in $PLACE/.mdata (branch main)
      Next: `mdata commit FILE -m MESSAGE`
      $ mdata init
      There is a repository in $PLACE/.mdata already: nothing changed
      $ mdata init ./other
      Made an empty repository in $PLACE/other/.mdata (branch main)
      Next: `mdata commit FILE -m MESSAGE`
      $ mdata status -C other
      On branch main, which has no commit yet
      Next: `mdata commit FILE -m MESSAGE`
      $ mdata log
      There is no version yet. Next: `mdata commit FILE -m MESSAGE`
      $ mdata branch
      $ mdata tag
      $ mdata runs
      No runs yet. Next: `mdata train REV --model DIR --out DIR`
      $ mdata init --json
      {"branch":"main","created":false,"repository":"$PLACE/.mdata","schema":"mdata.init/v1"}
      $ mdata status --json
      {"branch":"main","commit":null,"merge":null,"records":0,"schema":"mdata.status/v1","snapshot":null,"staged":[]}
      $ mdata log --json
      {"commits":[],"schema":"mdata.log/v1"}
      """#)
  }

  @Test func stagesAndCommits() async throws {
    let repository = try await Sample.files()
    try await repository.check(
      #"""
      $ mdata status
      On branch main, which has no commit yet
      Next: `mdata commit FILE -m MESSAGE`
      $ mdata add first.jsonl
      Staged 4 pairs of first.jsonl as batch #1
      Next: `mdata commit -m MESSAGE`
      $ mdata add second.csv --license CC0-1.0
      Staged 2 pairs of second.csv as batch #2
      Next: `mdata commit -m MESSAGE`
      $ mdata status
      On branch main, which has no commit yet
      Staged for the next commit:
        #1  4 pairs  first.jsonl
        #2  2 pairs  second.csv
      Next: `mdata commit -m MESSAGE`
      $ mdata status --json
      {"branch":"main","commit":null,"merge":null,"records":0,"schema":"mdata.status/v1","snapshot":null,"staged":[{"batch":"#1","format":"alpaca-jsonl","name":"first.jsonl","rejected":0,"rows":4,"warnings":{}},{"batch":"#2","format":"csv","name":"second.csv","rejected":0,"rows":2,"warnings":{}}]}
      $ mdata commit -m 'Both at once'
      Took 4 pairs of first.jsonl as batch #1
      Took 2 pairs of second.csv as batch #2
      Committed #3 on main: 6 added, 0 edited, 0 removed; 6 records now
      $ mdata status
      On branch main, at #3 with 6 records
      Nothing is staged
      $ mdata commit -m 'Nothing left'
      error: nothing is staged
      hint: stage files with `mdata add FILE`, or commit them in one go with `mdata commit FILE -m MESSAGE`
      [exit 1]
      """#)
  }

  @Test func commitsFilesInOneGo() async throws {
    let repository = try await Sample.files()
    try repository.write(
      "odd.json",
      #"[{"instruction":"a","input":"<noinput>","output":"b"},{"instruction":"c","input":"","output":"d"}]"#)
    try await repository.check(
      #"""
      $ mdata commit first.jsonl -m First --recipe recipe.yaml
      Read 4 pairs of first.jsonl as batch #1
      Committed #2 on main: 4 added, 0 edited, 0 removed; 4 records now
      $ mdata commit second.csv odd.json -m 'Two files'
      Read 2 pairs of second.csv as batch #3
      Read 2 pairs of odd.json as batch #4
      Committed #5 on main: 4 added, 0 edited, 0 removed; 8 records now
      note: 1 row: the input was a placeholder such as `<noinput>` and counts as absent
      $ mdata commit first.jsonl --name other.jsonl -m 'The same rows without a recipe' --json
      {"added":4,"batches":[{"batch":"#6","format":"alpaca-jsonl","name":"other.jsonl","rejected":0,"rows":4,"warnings":{}}],"branch":"main","commit":"#7/40","edited":0,"records":12,"removed":0,"schema":"mdata.commit/v1","snapshot":"#8/64","unchanged":0}
      $ mdata commit second.csv -m Again
      error: second.csv is in this version already, as batch `#3`: same rows, same provenance
      hint: to bring changed rows use `mdata commit --update` or `--sync`
      [exit 65]
      $ mdata commit odd.json -m 'Quietly' --quiet --name odd2.json
      Committed #9 on main: 2 added, 0 edited, 0 removed; 14 records now
      note: 1 row: the input was a placeholder such as `<noinput>` and counts as absent
      $ mdata log --limit 2
      #9  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  14 records
          Quietly

      #7
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  12 records
          The same rows without a recipe
      """#)
  }

  @Test func readsStandardInput() async throws {
    let repository = try await Sample.files()
    let output = try await repository.run(
      "commit", "-", "--name", "piped.jsonl", "-m", "Piped", input: Array(Sample.first.utf8))
    #expect(
      repository.shown(output.text) == """
        Read 4 pairs of piped.jsonl as batch #1
        Committed #2 on main: 4 added, 0 edited, 0 removed; 4 records now

        """)
  }

  @Test func updatesRowsByKeyAndByRecord() async throws {
    let repository = try await Sample.versions()
    try repository.write(
      "fix.jsonl",
      #"{"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain.","quality":4}"#
        + "\n")
    try repository.write(
      "same.jsonl", #"{"id":"p1","instruction":"Name one cause of fever.","output":"An infection."}"# + "\n")
    try await repository.check(
      #"""
      $ mdata commit --update fix.jsonl --key id --dry-run -m Plan
      Read 1 pair of fix.jsonl
      Would change: 0 added, 1 edited, 0 removed
      $ mdata commit --update fix.jsonl --key id -m 'One answer shortened'
      Read 1 pair of fix.jsonl as batch #1
      Committed #2 on main: 0 added, 1 edited, 0 removed; 6 records now
      $ mdata commit --update same.jsonl --key id -m 'No news'
      Nothing changed: no commit made
      $ mdata diff HEAD~1
      ~ #3:3  Is aspirin an antibiotic?
          output: No. It eases [-pain and lowers fever.-]{+pain.+}
          quality: [-3-]{+4+}
      0 added, 1 edited, 0 removed
      $ mdata diff HEAD~1 --stat
      #3  0 added, 1 edited, 0 removed  first.jsonl
      0 added, 1 edited, 0 removed
      """#)
    let diff = try await repository.run("diff", "HEAD~1", "--json")
    let record = try #require(diff.stdout.firstMatch(of: /"record":"([0-9a-f]+:3)"/)?.1)
    try repository.write(
      "record.jsonl",
      #"{"record":"\#(record)","instruction":"Is aspirin an antibiotic?","output":"No."}"# + "\n")
    try await repository.check(
      #"""
      $ mdata commit --update record.jsonl -m 'Shorter still'
      Read 1 pair of record.jsonl as batch #4
      Committed #5 on main: 0 added, 1 edited, 0 removed; 6 records now
      $ mdata diff HEAD~1
      ~ #3:3  Is aspirin an antibiotic?
          output: No.[- It eases pain.-]
      0 added, 1 edited, 0 removed
      $ mdata checkout HEAD -o - --format alpaca-jsonl
      {"id":"p1","instruction":"Name one cause of fever.","output":"An infection.","teacher":"claude","seeds":["s1"],"prompt":"answer.md","quality":4.5,"license":"CC0-1.0"}
      {"id":"p2","instruction":"Translate into plain words.","input":"Pyrexia of unknown origin","output":"A fever whose cause is not known.","teacher":"claude","seeds":["s1","s2"],"prompt":"answer.md","quality":5,"license":"CC0-1.0"}
      {"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No.","teacher":"claude","seeds":["s2"],"prompt":"answer.md","quality":4,"license":"CC0-1.0"}
      {"id":"p4","instruction":"给发热下一个定义。","output":"体温高于正常范围。","teacher":"human","seeds":["s9"],"prompt":"answer.md","license":"CC0-1.0"}
      {"instruction":"What is a vein?","output":"A vessel that leads to the heart."}
      {"instruction":"Say \"ah\".","output":"Ah."}
      """#)
  }

  @Test func syncsAFileEditedElsewhere() async throws {
    let repository = try await Sample.versions()
    try await repository.run("switch", "side")
    var rows = Sample.first.split(separator: "\n").map(String.init)
    rows[0] = rows[0].replacing("An infection.", with: "An infection, for example.")
    rows.remove(at: 2)
    rows.append(#"{"instruction":"What is a pulse?","output":"The beat of the heart, felt."}"#)
    try repository.write("edited.jsonl", rows.joined(separator: "\n") + "\n")
    try await repository.check(
      #"""
      $ mdata commit --sync edited.jsonl --dry-run -m Plan
      Read 2 pairs of edited.jsonl
      Would change: 1 added, 1 edited, 1 removed
      $ mdata commit --sync edited.jsonl -m 'Edited in a spreadsheet'
      Read 2 pairs of edited.jsonl as batches #1, #2
      Committed #3 on side: 1 added, 1 edited, 1 removed; 4 records now
      $ mdata commit --sync edited.jsonl -m 'Once more'
      Nothing changed: no commit made
      $ mdata diff v1
      ~ #4:1  Name one cause of fever.
          output: An [-infection.-]{+infection, for example.+}
      - #4:3  Is aspirin an antibiotic?
      + #2:1  What is a pulse?
      1 added, 1 edited, 1 removed
      $ mdata checkout side -o out.jsonl
      Wrote 4 records of #3 to out.jsonl (alpaca-jsonl, 653 bytes)
      """#)
    #expect(try repository.text("out.jsonl") == repository.text("edited.jsonl"))
  }
}
