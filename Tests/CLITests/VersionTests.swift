import Testing

@Suite struct VersionTests {
  @Test func logsAndShows() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata log
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      #2  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      $ mdata log v1
      #2  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      $ mdata log -n 1
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      $ mdata log -n 0
      $ mdata show
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      snapshot  #3/64
      changed   2 added, 0 edited, 0 removed
      batches   2
        #4  4 rows  first.jsonl
        #5  2 rows  second.csv
      $ mdata show v1
      #2  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      snapshot  #6/64
      changed   4 added, 0 edited, 0 removed
      batches   1
        #4  4 rows  first.jsonl
      $ mdata show HEAD~1 --json
      {"added":4,"author":"A Tester <tester@localhost>","batches":[{"batch":"#4","license":null,"name":"first.jsonl","rows":4,"teacher":null}],"commit":"#2/40","committed":"2026-01-01T00:00:00Z","committer":"A Tester <tester@localhost>","edited":0,"message":"First","names":["side","v1"],"parents":[],"records":4,"removed":0,"schema":"mdata.show/v1","snapshot":"#6/64","tag":null,"time":"2026-01-01T00:00:00Z"}
      $ mdata log --json -n 1
      {"commits":[{"author":"A Tester <tester@localhost>","commit":"#1/40","committed":"2026-01-01T00:01:00Z","committer":"A Tester <tester@localhost>","message":"Second","names":["main"],"parents":["#2/40"],"records":6,"snapshot":"#3/64","time":"2026-01-01T00:01:00Z"}],"schema":"mdata.log/v1"}
      """#)
  }

  @Test func showsTheTimeWhereTheAuthorWas() async throws {
    let repository = try await Sample.files()
    try await repository.run("commit", "first.jsonl", "-m", "First")
    try await repository.run(
      "commit", "second.csv", "-m", "Lines\nand more", environment: ["MDATA_AUTHOR_NAME": "Zoë Ångström"])
    try await repository.check(
      #"""
      $ mdata log
      #1  (main)
        Zoë Ångström <tester@localhost>  2026-01-01 00:00 +0000  6 records
          Lines
          and more

      #2
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First
      """#)
  }

  @Test func diffs() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata diff v1
      + #1:1  What is a vein?
      + #1:2  Say "ah".
      2 added, 0 edited, 0 removed
      $ mdata diff HEAD v1
      - #1:1  What is a vein?
      - #1:2  Say "ah".
      0 added, 0 edited, 2 removed
      $ mdata diff v1 side
      No differences
      $ mdata diff v1 side --exit-code
      No differences
      $ mdata diff v1 --exit-code --quiet
      + #1:1  What is a vein?
      + #1:2  Say "ah".
      2 added, 0 edited, 0 removed
      [exit 1]
      $ mdata diff v1 --stat
      #1  2 added, 0 edited, 0 removed  second.csv
      2 added, 0 edited, 0 removed
      $ mdata diff v1 --stat --json
      {"schema":"mdata.diff/v1","from":"#2/40","to":"#3/40","added":2,"removed":0,"edited":0,"batches":[{"added":2,"batch":"#1","edited":0,"name":"second.csv","removed":0}]}
      $ mdata diff v1 --json
      {"schema":"mdata.diff/v1","from":"#2/40","to":"#3/40","records":[{"change":"added","new":{"columns":{},"instruction":"What is a vein?","output":"A vessel that leads to the heart."},"new_pair":"#4/64","record":"#1:1"},{"change":"added","new":{"columns":{},"instruction":"Say \"ah\".","output":"Ah."},"new_pair":"#5/64","record":"#1:2"}],"added":2,"removed":0,"edited":0,"batches":[{"added":2,"batch":"#1","edited":0,"name":"second.csv","removed":0}]}
      """#)
  }

  @Test func branchesAndSwitches() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata branch
      * main  #1
        side  #2
      $ mdata branch review/doses v1
      Made branch review/doses
      $ mdata switch review/doses
      On branch review/doses, at #2
      $ mdata switch --create fresh
      On branch fresh, at #2
      $ mdata branch
      * fresh  #2
        main  #1
        review/doses  #2
        side  #2
      $ mdata branch --json
      {"branches":[{"commit":"#2/40","current":true,"name":"fresh"},{"commit":"#1/40","current":false,"name":"main"},{"commit":"#2/40","current":false,"name":"review/doses"},{"commit":"#2/40","current":false,"name":"side"}],"schema":"mdata.branch/v1"}
      $ mdata branch --delete review/doses
      Deleted branch review/doses
      $ mdata switch main --json
      {"branch":"main","commit":"#1/40","schema":"mdata.switch/v1"}
      $ mdata status
      On branch main, at #1 with 6 records
      Nothing is staged
      """#)
  }

  @Test func tags() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata tag
      v1  #1
      $ mdata tag v2
      Made tag v2
      $ mdata tag v1.1 HEAD~1
      Made tag v1.1
      $ mdata tag
      v1  #1
      v1.1  #1
      v2  #2
      $ mdata tag --json
      {"schema":"mdata.tag/v1","tags":[{"commit":"#1/40","current":false,"name":"v1","tag":null},{"commit":"#1/40","current":false,"name":"v1.1","tag":null},{"commit":"#2/40","current":false,"name":"v2","tag":null}]}
      $ mdata tag -d v2
      Deleted tag v2
      """#)
  }

  @Test func names() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata show HEAD --quiet
      #1  (main)
        A Tester <tester@localhost>  2026-01-01 00:01 +0000  6 records
          Second

      snapshot  #2/64
      changed   2 added, 0 edited, 0 removed
      batches   2
        #3  4 rows  first.jsonl
        #4  2 rows  second.csv
      $ mdata cat #3
      {"chunk":512,"kind":"batch","layout":{"fields":[{"name":"id"},{"name":"instruction","role":"instruction"},{"name":"input","role":"input"},{"name":"output","role":"output"},{"name":"teacher"},{"name":"seeds"},{"name":"prompt"},{"name":"quality"},{"name":"license"},{"name":"system","role":"system"}],"format":"alpaca-jsonl","separator":"\n","style":{"close":"","colon":":","comma":",","open":""},"suffix":"\n"},"mapping":{"license":"license","prompt":"prompt","score.quality":"quality","seeds":"seeds","teacher":"teacher"},"origin":"imported","origins":["#5/64"],"pairs":"#6/64","prompts":[{"name":"answer.md","object":"#7/64"}],"rows":4,"seeds":[{"id":"s1","object":"#8/64"},{"id":"s2","object":"#9/64"}],"source":{"bytes":753,"name":"first.jsonl","sha256":"#10/64"},"v":1}
      $ mdata cat #3:1
      {"instruction":"Name one cause of fever.","kind":"pair","output":"An infection.","v":1}
      $ mdata cat #3:1 --json
      {"bytes":87,"id":"#11/64","kind":"pair","object":{"instruction":"Name one cause of fever.","kind":"pair","output":"An infection.","v":1},"schema":"mdata.cat/v1"}
      $ mdata --json cat #3:2
      {"bytes":146,"id":"#12/64","kind":"pair","object":{"input":"Pyrexia of unknown origin","instruction":"Translate into plain words.","kind":"pair","output":"A fever whose cause is not known.","v":1},"schema":"mdata.cat/v1"}
      $ mdata --version
      0.1.0
      """#)
  }
}
