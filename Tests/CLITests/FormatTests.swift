import Testing

@Suite struct FormatTests {
  static let files = [
    "alpaca.json", "alpaca.jsonl", "alpaca.jsonl.gz", "alpaca.jsonl.zst", "messages.jsonl", "pairs.csv", "pairs.csv.gz",
    "pairs.csv.zst", "pairs.tsv", "prompt-completion.jsonl", "sharegpt.json",
  ]
  static let formats = ["alpaca-json", "alpaca-jsonl", "csv", "tsv", "prompt-completion", "messages", "sharegpt"]

  @Test(arguments: files) func comesBackByteForByte(name: String) async throws {
    let repository = try await TestRepository()
    let imported = try await repository.run("commit", TestRepository.fixturePath("formats/" + name), "-m", "x")
    #expect(imported.code == 0, "\(imported.text)")
    let written = try await repository.run("checkout", "HEAD", "-o", "-")
    let plain = name.replacing(".gz", with: "").replacing(".zst", with: "")
    #expect(written.bytes == (try TestRepository.fixture("formats/" + plain)))
    for suffix in [".gz", ".zst"] {
      try await repository.run("checkout", "HEAD", "-o", "again" + suffix)
      let again = try await repository.run("commit", "again" + suffix, "-m", "x", "--name", name + suffix, "--json")
      // Same rows under another name: the pairs are those of the first import.
      #expect(again.code == 0, "\(again.text)")
      let pairs = try await repository.pairs("HEAD"), before = try await repository.pairs("HEAD~1")
      #expect(pairs == before)
    }
  }

  /// What every file becomes in every other format when it is written there and read again: `same` pairs, `joined`
  /// pairs (instruction and input in one text), or `refused` because the format cannot hold a conversation.
  @Test func convertsBetweenFormats() async throws {
    var table = "".padding(24) + Self.formats.map { $0.padding(18) }.joined() + "\n"
    for name in ["alpaca.json", "alpaca.jsonl", "pairs.csv", "pairs.tsv", "prompt-completion.jsonl", "messages.jsonl", "sharegpt.json"] {
      let repository = try await TestRepository()
      try await repository.run("commit", TestRepository.fixturePath("formats/" + name), "-m", "x")
      let pairs = try await repository.pairs("HEAD")
      table += name.padding(24)
      for format in Self.formats {
        table += try await conversion(of: repository, pairs, to: format).padding(18)
      }
      table += "\n"
    }
    let lines = table.split(separator: "\n").map { String($0.reversed().drop { $0 == " " }.reversed()) }
    #expect(
      lines == """
        expected
        """.split(separator: "\n").map(String.init), "\n\(lines.joined(separator: "\n"))")
  }

  private func conversion(of repository: TestRepository, _ pairs: String, to format: String) async throws -> String {
    let written = try await repository.run("checkout", "HEAD", "-o", "out.\(format)", "--format", format)
    if written.code == 65 {
      #expect(!repository.exists("out.\(format)"))
      #expect(written.stderr.hasPrefix("error: record `"), "\(written.stderr)")
      return "refused"
    }
    #expect(written.code == 0, "\(written.text)")
    let other = try await TestRepository()
    let read = try await other.run("commit", repository.path("out.\(format)"), "-m", "x", "--format", format)
    #expect(read.code == 0, "\(read.text)")
    if try await other.pairs("HEAD") == pairs { return "same" }
    // A second conversion changes nothing any more.
    let joined = try await other.pairs("HEAD")
    let back = try await other.run("checkout", "HEAD", "-o", "back", "--format", format)
    #expect(back.code == 0)
    let third = try await TestRepository()
    try await third.run("commit", other.path("back"), "-m", "x", "--format", format)
    #expect(try await third.pairs("HEAD") == joined)
    return "joined"
  }
}

extension String {
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}

extension TestRepository {
  /// The digest over the pair ids of the last batch of a version with one batch.
  func pairs(_ revision: String) async throws -> String {
    let diff = try await run("show", revision, "--json")
    let batch = try #require(diff.stdout.matches(of: /"batch":"([0-9a-f]+)"/).first?.1)
    let cat = try await run("cat", String(batch))
    return String(try #require(cat.stdout.firstMatch(of: /"pairs":"([0-9a-f]{64})"/)?.1))
  }
}
