import Testing

@testable import mdata

@Suite struct TerminalTests {
  static let reading = [
    ["status"], ["log"], ["show"], ["diff", "v1"], ["diff", "v1", "--stat"], ["branch"], ["tag"], ["audit"],
  ]

  @Test(arguments: reading) func coloursOnlyWhenAsked(command: [String]) async throws {
    let repository = try await Sample.versions()
    func escapes(_ extra: [String], _ environment: [String: String?] = [:]) async throws -> Int {
      let output = try await repository.run(command + extra, environment: environment)
      #expect(output.code == 0, "\(output.text)")
      return output.bytes.count { $0 == 0x1B }
    }
    #expect(try await escapes([]) == 0)
    // A flag is nearer than the environment.
    #expect(try await escapes(["--color", "always"], ["NO_COLOR": "1", "TERM": "dumb"]) > 0)
    if command == ["log"] {
      #expect(try await escapes(["--color", "auto"]) == 0)
      #expect(try await escapes(["--color", "never"]) == 0)
      #expect(try await escapes(["--color", "always", "--no-color"]) == 0)
      #expect(try await escapes(["--color", "always", "--json"]) == 0)
    }
    let plain = try await repository.run(command)
    let coloured = try await repository.run(command + ["--color", "always"])
    #expect(coloured.stdout.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain.stdout)
  }

  @Test func coloursErrorsWhenAsked() async throws {
    let repository = try await TestRepository()
    #expect(try await repository.run("show", "nope").stderr.contains("\u{1B}") == false)
    #expect(
      try await repository.run("show", "nope", "--color", "always").stderr.contains(
        "\u{1B}[1;31merror:\u{1B}[0m") == true)
    #expect(try await repository.run("--color=always", "shwo").stderr.contains("\u{1B}") == true)
    #expect(
      try await repository.run("shwo", "--color", "always", "--no-color").stderr.contains("\u{1B}") == false)
  }

  /// Data, names and messages can neither move the cursor nor hide.
  @Test func escapesWhatComesFromOutside() async throws {
    let repository = try await TestRepository()
    let evil = #"\u001b[2J\u009b31mred\u202egnp.exe\u2066\u0007\u007f\ufeff\u2028"#
    try repository.write(
      "evil.jsonl",
      #"{"instruction":"a\#(evil)b","output":"x","note\#(evil)":"\#(evil)","teacher":"\#(evil)"}"# + "\n")
    try repository.write(
      "evil2.jsonl",
      #"{"instruction":"a\#(evil)b","output":"\#(evil)","note\#(evil)":"y","teacher":"z"}"# + "\n")
    let name = "n\u{1B}[31m\u{202E}.jsonl"
    try await repository.run(
      "commit", "evil.jsonl", "--name", name, "-m", "m\u{1B}[31m\u{202E}\u{7}", "--column", "teacher=teacher")
    try await repository.run(
      "commit", "--sync", "evil2.jsonl", "--name", name, "-m", "two",
      environment: ["MDATA_AUTHOR_NAME": "E\u{1B}[31mve"])
    let record = try #require(
      try await repository.run("diff", "HEAD~1", "--json").stdout.firstMatch(of: /"record":"([^"]+)"/)?.1)
    let commands = [
      ["log"], ["show", "HEAD~1"], ["diff", "HEAD~1"], ["diff", "HEAD~1", "--stat"],
      ["blame", String(record)], ["audit"],
      ["status"], ["show", "\u{1B}[31m"], ["branch", "x\u{1B}[31m"], ["tag", "\u{202E}"],
      ["cat", "\u{9B}1m:1"],
      ["commit", "\u{1B}[31m.jsonl", "-m", "x"], ["\u{1B}[31m"], ["log", "--\u{1B}[31m"],
      ["add", "evil.jsonl", "--format", "\u{1B}[31m"],
      ["add", "evil.jsonl", "--name", name],
    ]
    for command in commands {
      let text = try await repository.run(command).text
      for scalar in text.unicodeScalars {
        let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7F..<0xA0).contains(scalar.value)
        let isHidden = [0x202E, 0x2066, 0x2028, 0xFEFF].contains(scalar.value)
        #expect(
          !isControl && !isHidden,
          "\(command) prints U+\(String(scalar.value, radix: 16)):\n\(text.debugDescription)")
      }
    }
    let diff = try await repository.run("diff", "HEAD~1").stdout
    #expect(diff.contains("a^[[2J^[[31mred<U+202E>gnp.exe<U+2066>^G^?<U+FEFF>"), "\(diff)")
  }

  @Test func aReaderThatLeavesIsNoError() async throws {
    let repository = try await TestRepository()
    let path = TestRepository.fixturePath("pairs/batch-1.jsonl")
    try await repository.run("commit", path, "-m", "x")
    let output = try await repository.shell("{ mdata checkout HEAD -o -; echo code $? >&2; } | head -c 10")
    #expect(output.stderr == "code 141\n")
    #expect(output.bytes.count == 10)
    let log = try await repository.shell("mdata log | head -n 1")
    #expect(log.stderr.isEmpty && log.code == 0)
  }

  @Test func aFullDiskIsAnError() async throws {
    let repository = try await Sample.versions()
    let output = try await repository.shell("mdata log > /dev/full")
    #expect(output.text == "error: cannot write to standard output: No space left on device\n[exit 74]\n")
    let checkout = try await repository.shell("mdata checkout v1 -o - > /dev/full")
    #expect(checkout.code == 74)
  }

  @Test(arguments: [40, 80, 200]) func titlesFitTheWidth(width: Int) async throws {
    let repository = try await TestRepository()
    try await repository.run("commit", TestRepository.fixturePath("pairs/batch-1.jsonl"), "-m", "one")
    try repository.write(
      "wide.jsonl", #"{"instruction":"\#(String(repeating: "发热🩺é", count: 60))","output":"x"}"# + "\n")
    try await repository.run("commit", "wide.jsonl", "-m", "two")
    try await repository.run("commit", TestRepository.fixturePath("pairs/batch-2.jsonl"), "-m", "three")
    let diff = try await repository.run(["diff", "HEAD~2"], environment: ["COLUMNS": "\(width)"])
    let lines = diff.stdout.split(separator: "\n")
    #expect(lines.count == 102)
    for line in lines { #expect(String(line).displayWidth <= width, "\(line)") }
    #expect(lines.contains { String($0).displayWidth >= width - 1 })
  }

  @Test func quietPrintsResultsOnly() async throws {
    let repository = try await Sample.versions()
    try await repository.check(
      #"""
      $ mdata tag v3 --quiet
      $ mdata branch b -q
      $ mdata switch b -q
      $ mdata pin -q
      $ mdata checkout v1 -o x -q
      $ mdata status -q
      On branch b, at #1 with 6 records
      $ mdata diff v1 v1 -q
      $ mdata show v1 -q
      #2  (side, v1)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  4 records
          First

      snapshot  #3/64
      changed   4 added, 0 edited, 0 removed
      batches   1
        #4  4 rows  first.jsonl
      """#)
  }
}
