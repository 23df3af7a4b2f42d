import Foundation
import History
import Objects
import Records
import Testing

@testable import Workbench

/// What is a duplicate, which one stays, and what is told of it afterwards. The keys of whole data sets are held against
/// plain Python in `oracles/duplicates.py`.
@Suite struct DedupTests {
  private let workshop: Workshop

  /// a1 and a2 are the same pair, a3 the same but for case and spacing, a4 another answer to the same task, b1 again
  /// a1's pair in a later batch.
  init() throws {
    workshop = try Workshop()
    try workshop.write(
      "a.jsonl",
      lines([
        Self.row("a1", "What is a vein?", "A vessel.", score: "1"),
        Self.row("a2", "What is a vein?", "A vessel.", score: "3"),
        Self.row("a3", "what is  a VEIN? ", "A\nvessel.", score: "2"),
        Self.row("a4", "What is a vein?", "A vessel that leads to the heart."),
        Self.row("a5", "What is a nerve?", "A fibre."),
      ]))
    try workshop.write("b.jsonl", lines([Self.row("b1", "What is a vein?", "A vessel.", score: "2")]))
    for (second, name) in ["a.jsonl", "b.jsonl"].enumerated() {
      let request = ImportRequest(source: name, provenance: Self.scored)
      try workshop.commit(.files([request]), at: Int64(second))
    }
  }

  private static let scored: ImportRequest.Provenance = {
    var provenance = ImportRequest.Provenance()
    provenance.columns = ["score.quality": "score"]
    return provenance
  }()

  private static func row(_ id: String, _ instruction: String, _ output: String, score: String? = nil)
    -> [String: String]
  {
    var row = ["id": id, "instruction": instruction, "output": output]
    row["score"] = score
    return row
  }

  /// The ids of the records that are dropped, each with the one that stays.
  private func dropped(_ request: DedupRequest) throws -> [String: String] {
    var request = request
    request.dryRun = true
    request.report = "report.jsonl"
    _ = try request.run(in: workshop.session)
    let ids = try ids()
    var found: [String: String] = [:]
    for line in try workshop.text("report.jsonl").split(separator: "\n") {
      let json = try JSON.parse(Array(line.utf8))
      let (dropped, kept) = (json["dropped"]?.string ?? "", json["kept"]?.string ?? "")
      found[ids[dropped] ?? dropped] = ids[kept] ?? kept
    }
    return found
  }

  private func ids() throws -> [String: String] {
    let workspace = try Workspace(workshop.session)
    return Dictionary(
      uniqueKeysWithValues: try workshop.records().map { (try workspace.short($0.key), $0.value["id"] ?? "") }
    )
  }

  private func present() throws -> Set<String> { Set(try workshop.records().values.compactMap { $0["id"] }) }

  @Test func exactAndNormalised() throws {
    #expect(try dropped(DedupRequest(measure: DedupMeasure(.exact))) == ["a2": "a1", "b1": "a1"])
    #expect(try dropped(DedupRequest()) == ["a2": "a1", "a3": "a1", "b1": "a1"])
  }

  @Test func whoStays() throws {
    #expect(try dropped(DedupRequest(keep: .newest)) == ["a1": "b1", "a2": "b1", "a3": "b1"])
    #expect(try dropped(DedupRequest(keep: .bestScore(nil))) == ["a1": "a2", "a3": "a2", "b1": "a2"])
    #expect(try dropped(DedupRequest(keep: .bestScore("quality"))) == ["a1": "a2", "a3": "a2", "b1": "a2"])
    let task = DedupMeasure(.normalised, fields: [.instruction, .input])
    #expect(
      try dropped(DedupRequest(measure: task, keep: .longest))
        == ["a1": "a4", "a2": "a4", "a3": "a4", "b1": "a4"])
    #expect(try dropped(DedupRequest(dropsAll: true)).keys.sorted() == ["a1", "a2", "a3", "b1"])
    #expect(throws: Failure.self) { try dropped(DedupRequest(keep: .bestScore("other"))) }
  }

  /// Word 2-grams: a1 and a4 have 5 of 9 in common.
  @Test func nearOnes() throws {
    func near(_ threshold: Double, _ similarity: DedupMeasure.Nearness.Similarity = .jaccard) -> DedupMeasure
    {
      DedupMeasure(near: DedupMeasure.Nearness(threshold: threshold, ngram: 2, similarity: similarity))
    }
    #expect(try dropped(DedupRequest(measure: near(0.6))) == ["a2": "a1", "a3": "a1", "b1": "a1"])
    let all = ["a2": "a1", "a3": "a1", "a4": "a1", "b1": "a1"]
    #expect(try dropped(DedupRequest(measure: near(0.5))) == all)
    #expect(try dropped(DedupRequest(measure: near(1, .overlap))) == all)
    #expect(
      try dropped(DedupRequest(measure: near(0.5), keep: .longest))
        == ["a1": "a4", "a2": "a4", "a3": "a4", "b1": "a4"])
    #expect(throws: Failure.self) { try dropped(DedupRequest(measure: near(0))) }
    let result = try DedupRequest(measure: near(0.5)).run(in: workshop.session)
    #expect(result.rules.map(\.name) == ["exact", "near"] && result.rules.map(\.count) == [2, 2])
    #expect(try present() == ["a1", "a5"])
  }

  @Test func rowsOfAFile() throws {
    func rows(_ request: DedupRequest) throws -> [String] {
      var request = request
      request.report = "report.jsonl"
      let result = try request.run(in: workshop.session)
      #expect(result.from == nil && result.commit == nil)
      return try workshop.text("report.jsonl").split(separator: "\n").map { line in
        let json = try JSON.parse(Array(line.utf8))
        let kept = json["kept"]?.int.map { "\($0)" } ?? json["kept"]?.string ?? ""
        return "\(json["dropped"]?.int ?? 0) \(kept) \(json["rule"]?.string ?? "")"
      }
    }
    #expect(try rows(DedupRequest(revision: "a.jsonl")) == ["2 1 exact", "3 1 normalised"])
    #expect(
      try rows(DedupRequest(revision: "a.jsonl", keep: .newest)) == ["1 3 normalised", "2 3 normalised"])
    let near = DedupMeasure(near: DedupMeasure.Nearness(threshold: 0.5, ngram: 2))
    #expect(
      try rows(DedupRequest(revision: "a.jsonl", measure: near)) == ["2 1 exact", "3 1 near", "4 1 near"])
    #expect(
      try rows(DedupRequest(revision: "a.jsonl", measure: near, keep: .longest)) == [
        "1 4 near", "2 4 near", "3 4 near",
      ])
    #expect(
      try rows(DedupRequest(revision: "a.jsonl", minus: ["b.jsonl"], measure: near))
        == ["1 b.jsonl:1 exact", "2 b.jsonl:1 exact", "3 b.jsonl:1 near", "4 b.jsonl:1 near"])
    #expect(throws: Failure.self) { try rows(DedupRequest(revision: "a.jsonl", keep: .bestScore(nil))) }
    // A version is taken out of a file.
    let found = try rows(DedupRequest(revision: "b.jsonl", minus: ["HEAD~1"]))
    #expect(found.count == 1 && found[0].hasSuffix(":1 exact"), "\(found)")
  }

  @Test func anotherVersionIsTakenAway() throws {
    #expect(
      try dropped(DedupRequest(minus: ["HEAD~1"])).keys.sorted() == ["a1", "a2", "a3", "a4", "a5", "b1"])
    _ = try SwitchRequest(branch: "new", create: true).run(in: workshop.session)
    try workshop.write(
      "all.jsonl",
      lines([Self.row("n1", "WHAT IS A NERVE?", "a fibre."), Self.row("n2", "What is skin?", "An organ.")]))
    try workshop.commit(.sync(ImportRequest(source: "all.jsonl")))
    let result = try DedupRequest(minus: ["main", "main~1"]).run(in: workshop.session)
    #expect(result.dropped == 1 && result.rules.map(\.name) == ["normalised"])
    #expect(try present() == ["n2"])
  }

  @Test func theVersionSaysWhyAndUndoBringsBack() throws {
    let before = try workshop.records()
    let result = try DedupRequest().run(in: workshop.session)
    #expect(result.dropped == 3 && result.records == 6)
    #expect(result.rules.map(\.name) == ["exact", "normalised"] && result.rules.map(\.count) == [2, 1])
    #expect(try present() == ["a1", "a4", "a5"])
    let record = try #require(before.first { $0.value["id"] == "a3" }?.key)
    let blame = try BlameRequest(record: "\(record)").run(in: workshop.session)
    #expect(blame.pair == nil && blame.instruction == "what is  a VEIN? ")
    #expect(blame.decisions.map(\.rule) == ["normalised"] && blame.decisions.map(\.verb) == ["dedup"])
    let first = try #require(before.first { $0.value["id"] == "a1" }?.key)
    let kept = try BlameRequest(record: "\(first)").run(in: workshop.session)
    #expect(kept.decisions.map(\.origin?.line) == [2, 3, 1])
    let repository = try Repository(path: workshop.folder.path + "/.mdata", fileSystem: POSIXFileSystem())
    let id = try #require(try repository.commit("HEAD").dataset.report)
    let report = try Report(parsing: repository.store.read(id, .report))
    #expect(report.count == 3 && report.settings["keep"]?.string == "first")
    #expect(report.settings["form"]?.string?.hasPrefix("nfkc-casefold/") == true)
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try workshop.records() == before)
    #expect(try BlameRequest(record: "\(first)").run(in: workshop.session).decisions.isEmpty)
    _ = try UndoRequest(.redo).run(in: workshop.session)
    #expect(try present() == ["a1", "a4", "a5"])
  }

  @Test func planningChangesNothingAndNothingToDropMakesNoVersion() throws {
    let log = try LogRequest().run(in: workshop.session).count
    _ = try DedupRequest(dryRun: true).run(in: workshop.session)
    _ = try DedupRequest().run(in: workshop.session)
    let again = try DedupRequest().run(in: workshop.session)
    #expect(again.dropped == 0 && again.commit == nil)
    #expect(try LogRequest().run(in: workshop.session).count == log + 1)
  }

  @Test func aBranchThatIsNotCurrentGetsItsVersion() throws {
    _ = try NamesRequest(.branch, action: .create("side", at: "HEAD")).run(in: workshop.session)
    _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD")).run(in: workshop.session)
    let result = try DedupRequest(revision: "side").run(in: workshop.session)
    #expect(try present().count == 6)
    let side = try ShowRequest(revision: "side").run(in: workshop.session)
    #expect(side.commit.commit == result.commit?.commit && side.commit.records == 3)
    #expect(throws: Failure.self) { try DedupRequest(revision: "v1").run(in: workshop.session) }
    #expect(try DedupRequest(revision: "v1", dryRun: true).run(in: workshop.session).dropped == 3)
  }
}
