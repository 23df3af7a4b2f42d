import Testing

@testable import mdata

@Suite struct FormatTests {
  static let files = [
    "alpaca.json", "alpaca.jsonl", "alpaca.jsonl.gz", "alpaca.jsonl.zst", "messages.jsonl", "pairs.csv",
    "pairs.csv.gz",
    "pairs.csv.zst", "pairs.tsv", "prompt-completion.jsonl", "sharegpt.json",
  ]
  static let formats = [
    "alpaca-json", "alpaca-jsonl", "csv", "tsv", "prompt-completion", "messages", "sharegpt",
  ]

  @Test(arguments: files) func comesBackByteForByte(name: String) async throws {
    let repository = try await TestRepository()
    let imported = try await repository.run(
      "commit", TestRepository.fixturePath("formats/" + name), "-m", "x", "--json")
    #expect(imported.code == 0, "\(imported.text)")
    try await repository.run("tag", "first")
    let pairs = try await repository.pairs(imported)
    let written = try await repository.run("checkout", "first", "-o", "-")
    let plain = name.replacing(".gz", with: "").replacing(".zst", with: "")
    #expect(written.bytes == (try TestRepository.fixture("formats/" + plain)))
    guard plain == name else { return }
    for suffix in [".gz", ".zst"] {
      try await repository.run("checkout", "first", "-o", "again" + suffix)
      let again = try await repository.run(
        "commit", "again" + suffix, "-m", "x", "--name", name + suffix, "--json")
      // Same rows under another name: the pairs are those of the first import.
      #expect(again.code == 0, "\(again.text)")
      #expect(try await repository.pairs(again) == pairs)
    }
  }

  /// What every file becomes in every other format when it is written there and read again: the
  /// `same` pairs, or `refused` because the format cannot hold one of them; never `other` pairs.
  @Test func convertsBetweenFormats() async throws {
    var table = "".padding(24) + Self.formats.map { $0.padding(18) }.joined() + "\n"
    for name in [
      "alpaca.json", "alpaca.jsonl", "pairs.csv", "pairs.tsv", "prompt-completion.jsonl", "messages.jsonl",
      "sharegpt.json",
    ] {
      let repository = try await TestRepository()
      let imported = try await repository.run(
        "commit", TestRepository.fixturePath("formats/" + name), "-m", "x", "--json")
      let pairs = try await repository.pairs(imported)
      table += name.padding(24)
      for format in Self.formats {
        table += try await conversion(of: repository, pairs, to: format).padding(18)
      }
      table += "\n"
    }
    let lines = table.split(separator: "\n").map { String($0).trimmingSuffixSpaces() }
    try Snapshot.compare(
      lines.joined(separator: "\n"),
      with: #"""
                                alpaca-json       alpaca-jsonl      csv               tsv               prompt-completion messages          sharegpt
        alpaca.json             same              same              same              same              refused           refused           refused
        alpaca.jsonl            same              same              same              same              refused           refused           refused
        pairs.csv               same              same              same              same              refused           refused           refused
        pairs.tsv               same              same              same              same              refused           refused           refused
        prompt-completion.jsonl same              same              same              same              same              same              same
        messages.jsonl          refused           refused           refused           refused           refused           same              same
        sharegpt.json           refused           refused           refused           refused           refused           same              same
        """#)
  }

  private func conversion(of repository: TestRepository, _ pairs: String, to format: String) async throws
    -> String
  {
    let written = try await repository.run("checkout", "HEAD", "-o", "out.\(format)", "--format", format)
    if written.code == 65 {
      #expect(!repository.exists("out.\(format)"))
      #expect(written.stderr.hasPrefix("error: record `"), "\(written.stderr)")
      return "refused"
    }
    #expect(written.code == 0, "\(written.text)")
    let other = try await TestRepository()
    let read = try await other.run(
      "commit", repository.path("out.\(format)"), "-m", "x", "--format", format, "--json")
    #expect(read.code == 0, "\(read.text)")
    return try await other.pairs(read) == pairs ? "same" : "other"
  }
}

extension String {
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}

extension TestRepository {
  /// The digest over the pair ids of the batch that a commit brought.
  func pairs(_ commit: Output) async throws -> String {
    let batch = try #require(commit.stdout.firstMatch(of: /"batch":"([0-9a-f]+)"/)?.1)
    let cat = try await run("cat", String(batch))
    return String(try #require(cat.stdout.firstMatch(of: /"pairs":"([0-9a-f]{64})"/)?.1))
  }
}
