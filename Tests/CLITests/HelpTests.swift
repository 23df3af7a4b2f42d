import Testing

@testable import mdata

/// The examples of the help texts are commands that work: they are run here, one after the other, in a repository
/// with the files they name. Ids in them stand for ids of that repository.
@Suite struct HelpTests {
  static let verbs: [[String]] = Mdata.verbs.flatMap { verb in
    [[verb.name]] + verb.below.map { [verb.name, $0] }
  }

  static func examples(in help: String) -> [String] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let heading = lines.firstIndex(where: { $0.trimmingPrefix(while: { $0 == " " }) == "Examples:" })
    else { return [] }
    return lines[(heading + 1)...].map { String($0).trimmed }.prefix { $0.hasPrefix("mdata ") }.map(\.self)
  }

  @Test(arguments: verbs) func everyExampleRuns(verb: [String]) async throws {
    let repository = try await prepared(for: verb)
    let help = try await repository.run(verb + ["--help"], environment: ["COLUMNS": "200"])
    #expect(help.code == 0)
    #expect(help.stderr.isEmpty)
    let topic = try await repository.run(["help"] + verb, environment: ["COLUMNS": "200"])
    #expect(topic.stdout == help.stdout)
    let examples = Self.examples(in: help.stdout)
    #expect(examples.count >= 2, "\(verb) has \(examples.count) examples:\n\(help.stdout)")
    for example in examples {
      #expect(
        example.hasPrefix("mdata " + verb.joined(separator: " ")), "an example of another verb: \(example)")
      let output = try await repository.run(commandLine: example.revealed(by: repository))
      #expect(output.code == 0, "\(example)\n\(output.text)")
    }
  }

  @Test func bareAndShort() async throws {
    let repository = try await TestRepository(initialised: false)
    let bare = try await repository.run()
    #expect(bare.code == 0)
    for verb in Mdata.verbs {
      #expect(!verb.name.isEmpty && !verb.below.contains(""), "a configuration gives its verb no name")
      #expect(bare.stdout.contains("\n  \(verb.name) "), "\(verb.name) is not listed")
    }
    for spelling in [["--help"], ["-h"], ["help"]] {
      #expect(try await repository.run(spelling).stdout == bare.stdout)
    }
    #expect(try await repository.run("--version").stdout == "0.1.0\n")
  }

  @Test(arguments: [40, 80, 200]) func fitsTheTerminal(width: Int) async throws {
    let repository = try await TestRepository(initialised: false)
    let help = try await repository.run(["help"], environment: ["COLUMNS": "\(width)"])
    for line in help.stdout.split(separator: "\n") { #expect(line.count <= max(width, 80), "\(line)") }
  }

  private func prepared(for verb: [String]) async throws -> TestRepository {
    let repository = try TestRepository(copying: await Self.shared.value)
    if verb == ["tag"] { try await repository.run("tag", "-d", "v1") }
    if [["commit"], ["tag"], ["verify-commit"], ["verify-tag"]].contains(verb) {
      try SigningProgram.install(in: repository)
    }
    if verb.first?.hasPrefix("verify-") == true {
      try await repository.run("commit", "pairs.jsonl", "--sign", "-m", "Signed")
      for name in ["v1", "v2"] {
        try await repository.run("tag", "-d", name)
        try await repository.run("tag", name, "--sign", "-m", "Signed")
      }
    }
    if ["merge", "cherry-pick", "dedup", "conflicts", "resolve"].contains(verb[0]) {
      try await Self.makeCleaner(in: repository, contradicts: ["conflicts", "resolve"].contains(verb[0]))
    }
    if verb == ["apply"] {
      let patch = try await repository.run("diff", "v1", "v2", "--patch")
      try repository.write("review.patch", patch.stdout)
    }
    if verb == ["redo"] {
      for _ in 1...2 { try await repository.run("undo") }
    }
    if verb == ["train"] { try await repository.run("branch", "held-out", "v1") }
    if verb[0] == "runs" {
      try await repository.run("train", "v1", "--model", "smollm2", "--out", "out", "--steps", "1")
    }
    return repository
  }

  /// A branch with two commits of its own; when it contradicts `main`, a merge waits for one decision.
  private static func makeCleaner(in repository: TestRepository, contradicts: Bool) async throws {
    try await repository.run("branch", "cleaner", "v1")
    try await repository.run("switch", "cleaner")
    try await repository.run("commit", "--update", "edited.jsonl", "--key", "id", "-m", "Reworded")
    try await repository.run("commit", "pairs.jsonl", "-m", "One more")
    try await repository.run("switch", "main")
    guard contradicts else { return }
    try await repository.run("commit", "--update", "fixes.jsonl", "--key", "id", "-m", "Fixed")
    let merge = try await repository.run("merge", "cleaner")
    try #require(merge.code == 1, "\(merge.text)")
  }

  private static let shared = Task {
    let repository = try await Sample.model()
    try await repository.run("commit", "second.csv", "--name", "third.csv", "-m", "Third")
    try await repository.run("commit", "second.csv", "--name", "fourth.csv", "-m", "Fourth")
    try await repository.run("tag", "v2")
    try await repository.run("pin", "v1")
    try repository.write("pairs.jsonl", #"{"instruction":"a","output":"b"}"# + "\n")
    try repository.write("edited.jsonl", Sample.first.replacing("infection", with: "inflammation"))
    try repository.write(
      "fixes.jsonl", #"{"id":"p1","instruction":"Name one cause of fever.","output":"Flu."}"# + "\n")
    try repository.write("answers.csv", "question,answer\nWhy?,Because.\n")
    let zipped = try await repository.shell("gzip -k answers.csv && mv tiny smollm2")
    try #require(zipped.code == 0, "\(zipped.text)")
    try repository.write("run-7.jsonl", Sample.first + "{\n")
    try repository.write("run-7.yaml", Sample.recipe)
    try repository.write("new.jsonl", Sample.first)
    try repository.write("rows.jsonl", Sample.first)
    try repository.write("seeds.jsonl", #"{"instruction":"Name a cause.","output":"b"}"# + "\n")
    try repository.write("old.json", #"[{"instruction":"a","output":"b"}]"#)
    try repository.write("question.sql", "SELECT count(*) FROM records\n")
    let record = try await repository.run("query", "SELECT record FROM records LIMIT 1", "--csv", "--raw")
    let id = try #require(record.stdout.split(whereSeparator: \.isNewline).last)
    try repository.write("scores.jsonl", #"{"record":"\#(id)","quality":4.5}"# + "\n")
    try repository.write("clean.yaml", "filters: {rouge_l: 0.9, rules: [refusal]}\n")
    try repository.write("judged.csv", "id,rating\np1,4\np2,\n")
    return repository
  }
}

extension String {
  /// Ids in examples: `4f2c9e01` is the newest run where there is one, and else a batch.
  fileprivate func revealed(by repository: TestRepository) async throws -> String {
    let shown = try await repository.run("show", "--json").stdout
    let runs = try await repository.run("runs", "--json").stdout
    let batch = try #require(shown.firstMatch(of: /"batch":"([0-9a-f]+)"/)?.1)
    let run = runs.firstMatch(of: /"run":"([0-9a-f]{12})/)?.1
    return replacing("3fa9c1e2:42", with: "\(batch):1").replacing("4f2c9e01", with: run ?? batch)
  }
}
