import Testing

@Suite struct CommitTests {
  @Test func beginsARepository() async throws {
    let repository = try await TestRepository(initialised: false)
    try await repository.check(
      #"""
      $ mdata init
      $ mdata init
      $ mdata init ./other
      $ mdata status -C other
      $ mdata log
      $ mdata branch
      $ mdata tag
      $ mdata runs
      $ mdata init --json
      $ mdata status --json
      $ mdata log --json
      """#)
  }

  @Test func stagesAndCommits() async throws {
    let repository = try await Sample.files()
    try await repository.check(
      #"""
      $ mdata status
      $ mdata add first.jsonl
      $ mdata add second.csv --license CC0-1.0
      $ mdata status
      $ mdata status --json
      $ mdata commit -m 'Both at once'
      $ mdata status
      $ mdata commit -m 'Nothing left'
      """#)
  }

  @Test func commitsFilesInOneGo() async throws {
    let repository = try await Sample.files()
    try repository.write(
      "odd.json", #"[{"instruction":"a","input":"<noinput>","output":"b"},{"instruction":"c","input":"","output":"d"}]"#)
    try await repository.check(
      #"""
      $ mdata commit first.jsonl -m First --recipe recipe.yaml
      $ mdata commit second.csv odd.json -m 'Two files'
      $ mdata commit first.jsonl --name other.jsonl -m 'The same rows without a recipe' --json
      $ mdata commit second.csv -m Again
      $ mdata commit odd.json -m 'Quietly' --quiet --name odd2.json
      $ mdata log --limit 2
      """#)
  }

  @Test func readsStandardInput() async throws {
    let repository = try await Sample.files()
    let output = try await repository.run("commit", "-", "--name", "piped.jsonl", "-m", "Piped", input: Array(Sample.first.utf8))
    #expect(
      repository.shown(output.text) == """
        Read 4 pairs of piped.jsonl as batch #1
        Committed #2 on main: 4 added, 0 edited, 0 removed; 4 records now

        """)
  }

  @Test func updatesRowsByKeyAndByRecord() async throws {
    let repository = try await Sample.versions()
    try repository.write("fix.jsonl", #"{"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain.","quality":4}"# + "\n")
    try repository.write("same.jsonl", #"{"id":"p1","instruction":"Name one cause of fever.","output":"An infection."}"# + "\n")
    try await repository.check(
      #"""
      $ mdata commit --update fix.jsonl --key id --dry-run -m Plan
      $ mdata commit --update fix.jsonl --key id -m 'One answer shortened'
      $ mdata commit --update same.jsonl --key id -m 'No news'
      $ mdata diff HEAD~1
      $ mdata diff HEAD~1 --stat
      """#)
    let diff = try await repository.run("diff", "HEAD~1", "--json")
    let record = try #require(diff.stdout.firstMatch(of: /"record":"([0-9a-f]+:3)"/)?.1)
    try repository.write("record.jsonl", #"{"record":"\#(record)","instruction":"Is aspirin an antibiotic?","output":"No."}"# + "\n")
    try await repository.check(
      #"""
      $ mdata commit --update record.jsonl -m 'Shorter still'
      $ mdata diff HEAD~1
      $ mdata checkout HEAD -o - --format alpaca-jsonl
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
      $ mdata commit --sync edited.jsonl -m 'Edited in a spreadsheet'
      $ mdata commit --sync edited.jsonl -m 'Once more'
      $ mdata diff v1
      $ mdata checkout side -o out.jsonl
      """#)
    #expect(try repository.text("out.jsonl") == repository.text("edited.jsonl"))
  }
}
