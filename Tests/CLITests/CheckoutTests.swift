import Testing

@Suite struct CheckoutTests {
  @Test func writesEveryFormat() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata checkout v1 -o a.jsonl
      $ mdata checkout v1 -o a.json --format alpaca-json
      $ mdata checkout v1 -o a.csv.gz --format csv
      $ mdata checkout v1 -o a.tsv.zst --format tsv
      $ mdata checkout HEAD -o both.jsonl --json
      $ mdata checkout HEAD -o - --format alpaca-jsonl
      $ mdata checkout HEAD -o - --format alpaca-json
      $ mdata checkout HEAD -o - --format prompt-completion
      $ mdata checkout HEAD -o - --format messages
      $ mdata checkout HEAD -o - --format sharegpt
      $ mdata checkout HEAD -o - --format tsv
      """#)
    #expect(try repository.text("a.jsonl") == Sample.first)
    let csv = try await repository.run("checkout", "v1", "-o", "-", "--format", "csv")
    let unzipped = try await repository.shell("gzip -dc a.csv.gz")
    #expect(unzipped.bytes == csv.bytes)
  }

  @Test func givesBackTheImportByteForByte() async throws {
    let repository = try await TestRepository()
    for (number, name) in ["batch-1", "batch-2"].enumerated() {
      let bytes = try TestRepository.fixture("pairs/\(name).jsonl")
      try repository.write("\(name).jsonl", bytes: bytes)
      try await repository.run("commit", "\(name).jsonl", "-m", name, environment: ["MDATA_NOW": "\(1_767_225_600 + number)"])
      try await repository.run("tag", name)
    }
    let first = try await repository.run("checkout", "batch-1", "-o", "-")
    #expect(first.bytes == (try repository.bytes("batch-1.jsonl")))
    let both = try await repository.run("checkout", "batch-2", "-o", "-")
    #expect(both.bytes == (try repository.bytes("batch-1.jsonl") + repository.bytes("batch-2.jsonl")))
  }

  @Test func replacesAFileOnlyWhenWhole() async throws {
    let repository = try await Sample.versions()
    try repository.write("a.jsonl", "mine")
    try await repository.run("checkout", "nope", "-o", "a.jsonl")
    #expect(try repository.text("a.jsonl") == "mine")
    try await repository.run("checkout", "v1", "-o", "a.jsonl")
    #expect(try repository.text("a.jsonl") == Sample.first)
  }

  @Test func pins() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata pin v1
      $ mdata checkout --locked -o pinned.jsonl
      $ mdata pin
      $ mdata pin v1 --json
      $ mdata checkout --locked -o - --quiet
      """#)
    #expect(try repository.text("pinned.jsonl") == Sample.first)
    let lock = repository.shown(try repository.text("mdata.lock"))
    #expect(
      lock == """
        {
          "schema": "mdata.lock/v1",
          "commit": "#2/40",
          "snapshot": "#6/64",
          "records": 4,
          "export": {
            "format": "alpaca-jsonl",
            "bytes": \(Sample.first.utf8.count),
            "sha256": "#7/64"
          },
          "ref": "v1"
        }

        """)
  }
}
