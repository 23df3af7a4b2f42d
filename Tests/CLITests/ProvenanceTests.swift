import Testing

@Suite struct ProvenanceTests {
  @Test func blames() async throws {
    let repository = try await Sample.versions()
    try repository.write("fix.jsonl", #"{"id":"p3","instruction":"Is aspirin an antibiotic?","output":"No. It eases pain."}"# + "\n")
    try await repository.run("commit", "--update", "fix.jsonl", "--key", "id", "-m", "Shorter")
    try await repository.check(
      #"""
      $ mdata show
      $ mdata blame #3:1
      $ mdata blame #3:3
      $ mdata blame #5:2
      $ mdata blame #3:2 v1
      $ mdata blame #3:3 --json
      """#)
  }

  @Test func audits() async throws {
    let repository = try await Sample.versions()
    try repository.write("odd.jsonl", """
      {"instruction":"Name one cause of fever.","output":"An infection."}
      {"instruction":"Say it.","output":"Say it."}
      {"instruction":"Nothing?","output":"  "}
      {"instruction":"Bell?","output":"Ring \\u0007"}

      """)
    try await repository.check(
      #"""
      $ mdata audit v1
      $ mdata commit odd.jsonl -m Odd
      $ mdata audit
      $ mdata audit side --json
      """#)
  }
}
