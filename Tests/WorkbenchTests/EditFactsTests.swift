import History
import Objects
import Records
import Testing

@testable import Workbench

/// What is known of a record after an update or a sync: what its batch said of its columns still holds.
@Suite struct EditFactsTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private static let mapping = ["teacher": "model", "license": "terms", "score.quality": "q"]

  private static func row(_ id: String, _ output: String, model: String? = "claude", quality: String = "3")
    -> [String: String]
  {
    var row = ["id": id, "instruction": "Q\(id)", "output": output, "terms": "CC0-1.0", "q": quality]
    row["model"] = model
    return row
  }

  private func add(
    _ name: String, _ rows: [[String: String]], _ change: (inout ImportRequest.Provenance) -> Void
  ) throws {
    try workshop.write(name, lines(rows))
    try workshop.commit(.files([request(name, change)]))
  }

  private func request(_ name: String, _ change: (inout ImportRequest.Provenance) -> Void) -> ImportRequest {
    var provenance = ImportRequest.Provenance()
    change(&provenance)
    return ImportRequest(source: name, provenance: provenance)
  }

  @discardableResult
  private func update(
    _ rows: [[String: String]], _ change: (inout ImportRequest.Provenance) -> Void = { _ in }
  ) throws -> CommitResult {
    try workshop.write("fix.jsonl", lines(rows))
    return try workshop.commit(.update(request("fix.jsonl", change), key: "id"))
  }

  /// What is known of the record with this id.
  private func known(_ id: String) throws -> Provenance {
    let record = try #require(try workshop.records().first { $0.value["id"] == id }?.key)
    let workspace = try Workspace(workshop.session)
    let head = try #require(try workspace.headCommit())
    let entry = try #require(try workspace.tree(of: head).entry(for: record))
    return try OriginReader(workspace.store).provenance(entry)
  }

  @Test func anUpdateKeepsWhatColumnsMean() throws {
    try add("a.jsonl", [Self.row("1", "A"), Self.row("2", "A")]) { $0.columns = Self.mapping }
    try update([["id": "1", "instruction": "Q1", "output": "B", "q": "5", "model": "gpt"]])
    let edited = try known("1")
    #expect(edited.teacher == "gpt")
    #expect(edited.license == "CC0-1.0")
    #expect(edited.scores.map(\.name) == ["quality"] && edited.scores.map(\.value) == [5])
    #expect(try known("2").scores.map(\.value) == [3])
    // An edit of an edit.
    try update([["id": "1", "instruction": "Q1", "output": "C", "terms": "MIT"]])
    #expect(try known("1").license == "MIT")
    #expect(try known("1").teacher == "gpt")
  }

  @Test func aMergeComparesTheScoresOfUpdates() throws {
    try add("a.jsonl", [Self.row("1", "A")]) { $0.columns = Self.mapping }
    _ = try SwitchRequest(branch: "side", create: true).run(in: workshop.session)
    try update([Self.row("1", "theirs", quality: "4")])
    _ = try SwitchRequest(branch: "main", create: false).run(in: workshop.session)
    try update([Self.row("1", "ours", quality: "2")])
    let result = try MergeRequest(
      revision: "side", policies: [.editEdit: .bestScore(nil)]
    ).run(in: workshop.session)
    #expect(result.commit != nil)
    #expect(try workshop.records().values.map { $0["output"] } == ["theirs"])
  }

  @Test func recordsOfDifferentBatchesKeepWhatIsTheirs() throws {
    try add("a.jsonl", [Self.row("1", "A")]) { $0.columns = Self.mapping }
    try add("b.jsonl", [Self.row("2", "A")]) { $0.columns = Self.mapping }
    // The column is there too, but says nothing: the whole batch was written by one model.
    try add("c.jsonl", [Self.row("3", "A", model: "draft")]) { $0.teacher = "llama" }
    let result = try update(["3", "1", "2"].map { ["id": $0, "instruction": "Q" + $0, "output": "B"] })
    // One for each thing that is said, not for each batch it was said by.
    #expect(result.batches.map(\.rows) == [1, 2])
    #expect(try ["1", "2", "3"].map { try known($0).teacher } == ["claude", "claude", "llama"])
    #expect(try ["1", "2", "3"].map { try known($0).license } == ["CC0-1.0", "CC0-1.0", nil])
    #expect(try workshop.records().values.allSatisfy { $0["output"] == "B" })
    #expect(try workshop.ask("SELECT count(*) FROM batches WHERE kind = 'edited'") == [["2"]])
  }

  @Test func theCommandLineSaysItAnew() throws {
    try add("a.jsonl", [Self.row("1", "A"), Self.row("2", "A")]) { $0.columns = Self.mapping }
    try update([["id": "1", "instruction": "Q1", "output": "B"]]) { $0.teacher = "human" }
    #expect(try known("1").teacher == "human")
    #expect(try known("1").license == "CC0-1.0")
    try update([["id": "2", "instruction": "Q2", "output": "B", "judge": "7", "by": "me"]]) {
      $0.columns = ["score.style": "judge", "teacher": "by"]
    }
    let second = try known("2")
    #expect(second.teacher == "me")
    #expect(
      Dictionary(uniqueKeysWithValues: second.scores.map { ($0.name, $0.value) }) == [
        "style": 7, "quality": 3,
      ])
    // What one update said, the next one inherits.
    try update([["id": "1", "instruction": "Q1", "output": "C"]])
    #expect(try known("1").teacher == "human")
  }

  @Test func aSeedFileIsNotSavedWithEachEdit() throws {
    try workshop.write("seeds.jsonl", lines((1...3).map { ["id": "s\($0)", "instruction": "S\($0)"] }))
    try workshop.write("prompt.md", "Answer.")
    try add("a.jsonl", [Self.row("1", "A").merging(["s": "s2"]) { $1 }, Self.row("2", "A")]) {
      $0.columns = ["seeds": "s"]
      ($0.seedFile, $0.prompts) = ("seeds.jsonl", ["prompt.md"])
    }
    try update(["1", "2"].map { ["id": $0, "instruction": "Q" + $0, "output": "B"] })
    #expect(try known("1").seeds == ["s2"])
    #expect(try known("2").seeds == ["s1", "s2", "s3"])
    #expect(try known("1").prompts == ["prompt.md"])
    #expect(try workshop.ask("SELECT seeds, prompts FROM batches WHERE kind = 'edited'") == [["[]", "[]"]])
    // Seeds that an update brings are its own, and what edits its rows must keep them.
    try workshop.write("other.jsonl", lines([["id": "t1", "instruction": "T"]]))
    try update([["id": "2", "instruction": "Q2", "output": "C"]]) { $0.seedFile = "other.jsonl" }
    try update([["id": "2", "instruction": "Q2", "output": "D"]])
    #expect(try known("2").seeds == ["t1"])
  }

  @Test func aSyncKeepsItToo() throws {
    try add("a.jsonl", [Self.row("1", "A"), Self.row("2", "A")]) { $0.columns = Self.mapping }
    try add("b.jsonl", [Self.row("3", "A", model: nil)]) { $0.teacher = "llama" }
    let rows = [
      Self.row("1", "B", model: "gpt"), Self.row("2", "A", quality: "1"), Self.row("3", "B", model: nil),
      Self.row("4", "new", model: "someone"),
    ]
    try workshop.write("all.jsonl", lines(rows))
    let result = try workshop.commit(.sync(ImportRequest(source: "all.jsonl")))
    #expect(result.counts == ChangeCounts(added: 1, edited: 3))
    #expect(result.batches.map(\.rows) == [2, 1, 1])
    #expect(try ["1", "2", "3", "4"].map { try known($0).teacher } == ["gpt", "claude", "llama", nil])
    #expect(try known("2").scores.map(\.value) == [1])
    #expect(try workshop.commit(.sync(ImportRequest(source: "all.jsonl"))).commit == nil)
    #expect(try FsckRequest().run(in: workshop.session).findings.isEmpty)
  }
}
