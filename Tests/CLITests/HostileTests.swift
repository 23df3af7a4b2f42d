import Testing

@Suite struct HostileTests {
  struct Expected: Sendable, CustomTestStringConvertible {
    var file: String
    /// Line, column and byte; nil when no place is expected.
    var place: (line: Int, column: Int, byte: Int)?
    var isValid: Bool
    var testDescription: String { file }
  }

  /// The table in the README of the malformed fixtures: the one place where the expectation is written.
  static let table: [Expected] = {
    let text =
      (try? TestRepository.fixture("hostile/README.md")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.filter { $0 != "`" }.trimmed }
      guard line.hasPrefix("| `"), cells.count == 5 else { return nil }
      let numbers = cells[1...3].compactMap { Int($0) }
      return Expected(
        file: cells[0], place: numbers.count == 3 ? (numbers[0], numbers[1], numbers[2]) : nil,
        isValid: cells[4].hasPrefix("valid"))
    }
  }()

  @Test func theTableIsThere() { #expect(Self.table.count >= 30) }

  @Test(arguments: table) func isRefusedWithItsPlace(expected: Expected) async throws {
    let repository = try await TestRepository()
    let before = try repository.files()
    let path = TestRepository.fixturePath("hostile/" + expected.file)
    let output = try await repository.run("commit", path, "-m", "x")
    if expected.isValid {
      #expect(output.code == 0, "\(output.text)")
      return
    }
    #expect(output.code == 65, "\(output.text)")
    #expect(output.stdout.isEmpty)
    #expect(try repository.files() == before)
    let lines = output.stderr.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("error: ") } == 1)
    let first = String(try #require(lines.first))
    if let place = expected.place {
      #expect(first.hasPrefix("error: \(expected.file):\(place.line):\(place.column): "), "\(first)")
      #expect(first.hasSuffix(" (byte \(place.byte))"), "\(first)")
      #expect(lines.contains { $0.hasPrefix("hint: ") })
    } else {
      #expect(first.hasPrefix("error: \(expected.file)"), "\(first)")
    }
    for line in lines {
      #expect(
        line.hasPrefix("error: ") || line.hasPrefix("caused by: ") || line.hasPrefix("hint: "), "\(line)")
    }
    // Staging refuses it in the same words.
    let staged = try await repository.run("add", path)
    #expect(staged == output)
    #expect(try repository.files() == before)
  }

  @Test(arguments: table) func skippingNeverTrapsAndReportsEveryRow(expected: Expected) async throws {
    let repository = try await TestRepository()
    let before = try repository.files()
    let path = TestRepository.fixturePath("hostile/" + expected.file)
    let output = try await repository.run("commit", path, "-m", "x", "--skip-invalid", "rejected.jsonl")
    #expect([0, 65].contains(output.code), "\(output.text)")
    if output.code == 65 {
      #expect(try repository.files() == before)
    } else if let place = expected.place {
      let rejected = try repository.text("rejected.jsonl").split(separator: "\n")
      #expect(rejected.count == 1)
      #expect(rejected.first?.contains("\"line\":\(place.line),") == true, "\(rejected)")
      #expect(rejected.first?.contains("\"column\":\(place.column),") == true, "\(rejected)")
      #expect(output.stderr.contains("note: 1 row left out; see rejected.jsonl\n"), "\(output.stderr)")
    }
  }

  @Test func skippingImportsTheRest() async throws {
    let repository = try await TestRepository()
    let rows = Sample.first.split(separator: "\n").map(String.init)
    try repository.write(
      "mixed.jsonl",
      ([rows[0], "{", rows[1], #"{"instruction":"x"}"#, rows[2]]).joined(separator: "\n") + "\n")
    try repository.write("bad.jsonl", "{\n[]\n")
    try await repository.check(
      #"""
      $ mdata commit mixed.jsonl -m Mixed --skip-invalid rejected.jsonl
      Read 3 pairs of mixed.jsonl as batch #1
      Committed #2 on main: 3 added, 0 edited, 0 removed; 3 records now
      note: 2 rows left out; see rejected.jsonl
      $ mdata commit bad.jsonl -m Bad --skip-invalid none.jsonl
      error: bad.jsonl:1:2: the text ends inside an object (byte 1)
      caused by: the row is: {
      hint: correct the row, or leave malformed rows out with `--skip-invalid REJECTED.jsonl`
      [exit 65]
      $ mdata log
      #2  (main)
        A Tester <tester@localhost>  2026-01-01 00:00 +0000  3 records
          Mixed
      """#)
    #expect(!repository.exists("none.jsonl"))
    try Snapshot.compare(
      repository.text("rejected.jsonl"),
      with: #"""
        {"byte":168,"column":2,"line":2,"reason":"the text ends inside an object","text":"{"}
        {"byte":398,"column":1,"line":4,"reason":"the row has no \"output\"","text":"{\"instruction\":\"x\"}"}
        """#)
  }
}

extension String {
  var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
