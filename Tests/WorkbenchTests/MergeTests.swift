import History
import Objects
import Records
import Testing

@testable import Workbench

/// Every outcome of a merge, each with the smallest versions that show it. Random histories are held against plain Python
/// in `oracles/merges.py`.
@Suite struct MergeTests {
  private let workshop: Workshop

  /// Five rows on `main`, and a branch `side` at the same version.
  init() throws {
    workshop = try Workshop()
    try workshop.write("base.jsonl", lines((1...5).map { Self.row("p\($0)", "Q\($0)", "A\($0)") }))
    try workshop.commit("base.jsonl")
    _ = try NamesRequest(.branch, action: .create("side", at: "HEAD")).run(in: workshop.session)
  }

  private static func row(_ id: String, _ instruction: String, _ output: String, topic: String = "t")
    -> [String: String]
  {
    ["id": id, "instruction": instruction, "output": output, "topic": topic]
  }

  private func on(_ branch: String, _ work: () throws -> Void) throws {
    let current = try StatusRequest().run(in: workshop.session).branch
    if current != branch { _ = try SwitchRequest(branch: branch, create: false).run(in: workshop.session) }
    try work()
  }

  private func update(_ rows: [String: String]..., at second: Int64 = 0) throws {
    try workshop.write("update.jsonl", lines(rows))
    try workshop.commit(.update(ImportRequest(source: "update.jsonl"), key: "id"), at: second)
  }

  private func add(_ name: String, _ rows: [String: String]...) throws {
    try workshop.write(name, lines(rows))
    try workshop.commit(name)
  }

  private func remove(_ id: String) throws {
    try workshop.write(
      "all.jsonl",
      try workshop.checkout().split(separator: "\n").filter { !$0.contains("\"\(id)\"") }
        .map { $0 + "\n" }.joined())
    try workshop.commit(.sync(ImportRequest(source: "all.jsonl")))
  }

  private func merge(_ policy: MergePolicy? = nil) throws -> MergeResult {
    try on("main") {}
    var policies: [MergeOutcome: MergePolicy] = [:]
    for outcome in MergeOutcome.allCases where outcome.isConflict { policies[outcome] = policy }
    return try MergeRequest(revision: "side", policies: policies).run(in: workshop.session)
  }

  private func counts(_ result: MergeResult) -> [MergeOutcome: Int] { result.counts.filter { $0.value > 0 } }

  /// Answers by the column `id`, those of one id in order.
  private func answers() throws -> [String: [String]] {
    var answers: [String: [String]] = [:]
    for row in try workshop.records().values {
      answers[row["id"] ?? "", default: []].append(row["output"] ?? "")
    }
    return answers.mapValues { $0.sorted() }
  }

  private func kind(_ work: () throws -> Void) -> Failure.Kind? {
    do {
      try work()
      return nil
    } catch { return (error as? Failure)?.kind }
  }

  // MARK: Outcomes

  @Test func whatOneSideChangedIsTaken() throws {
    try on("main") { try update(Self.row("p1", "Q1", "ours")) }
    try on("side") {
      try update(Self.row("p2", "Q2", "theirs"))
      try remove("p3")
      try add("new.jsonl", Self.row("n1", "NQ", "NA"))
    }
    let result = try merge()
    #expect(counts(result) == [.left: 1, .right: 3])
    #expect(result.changes == ChangeCounts(added: 1, edited: 1, removed: 1))
    #expect(result.commit?.parents == [result.ours.commit, result.theirs.commit])
    #expect(
      try answers() == [
        "p1": ["ours"], "p2": ["theirs"], "p4": ["A4"], "p5": ["A5"], "n1": ["NA"],
      ])
  }

  @Test func theSameEditOnBothSidesIsOne() throws {
    for (branch, second) in [("main", 0), ("side", 60)] {
      try on(branch) { try update(Self.row("p1", "Q1", "same"), at: Int64(second)) }
    }
    try on("side") { try update(Self.row("p2", "Q2", "theirs")) }
    let result = try merge()
    #expect(counts(result) == [.convergent: 1, .right: 1], "\(result.kind) \(result.counts)")
    #expect(try answers()["p1"] == ["same"])
  }

  @Test func differentFieldsAreMerged() throws {
    try on("main") { try update(Self.row("p1", "Q1", "A1", topic: "ours")) }
    try on("side") { try update(Self.row("p1", "Q1", "theirs")) }
    let result = try merge()
    #expect(counts(result) == [.fieldMerged: 1])
    let row = try workshop.records().values.first { $0["id"] == "p1" }
    #expect(row?["output"] == "theirs" && row?["topic"] == "ours")
    // What was put together has a batch of its own, which says whose record it is.
    let blame = try BlameRequest(record: "\(try record("p1"))").run(in: workshop.session)
    #expect(blame.edit != nil && blame.commits.last?.commit == result.commit?.commit)
  }

  private func record(_ id: String) throws -> RecordID {
    try #require(try workshop.records().first { $0.value["id"] == id }?.key)
  }

  @Test func theSamePairOnBothSidesStaysOnce() throws {
    try on("main") { try add("ours.jsonl", Self.row("n1", "NQ", "NA")) }
    try on("side") { try add("theirs.jsonl", Self.row("n2", "NQ", "NA")) }
    let result = try merge()
    #expect(counts(result) == [.duplicate: 1])
    #expect(result.duplicates.count == 1)
    #expect(try answers()["n1"] == ["NA"])
    #expect(try answers()["n2"] == nil)
    // Both batches are part of the version all the same: both are where the pair came from.
    #expect(try ShowRequest(revision: "HEAD").run(in: workshop.session).batches.count == 3)
    let (kept, dropped) = try #require(result.duplicates.first)
    let blame = try BlameRequest(record: kept).run(in: workshop.session)
    let decision = try #require(blame.decisions.first)
    #expect(blame.decisions.count == 1 && decision.commit == result.commit?.commit)
    #expect(decision.decision == "drop" && decision.rule == "duplicate-across-sides")
    #expect(decision.record == dropped && decision.other == kept)
    #expect(decision.origin?.file == "theirs.jsonl" && decision.origin?.line == 1)
    let other = try BlameRequest(record: dropped).run(in: workshop.session)
    #expect(other.pair == nil && other.decisions.first?.other == kept)
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    // Both are told after a collection and from an index that was built again, too.
    _ = try GarbageCollectRequest(grace: 0).run(in: workshop.session)
    _ = try ReindexRequest().run(in: workshop.session)
    #expect(try BlameRequest(record: kept).run(in: workshop.session).decisions.count == 1)
  }

  @Test func whatIsTwiceOnOneSideStaysTwice() throws {
    try on("main") { try add("ours.jsonl", Self.row("n1", "NQ", "NA")) }
    try on("side") { try add("theirs.jsonl", Self.row("n2", "NQ", "NA"), Self.row("n3", "NQ", "NA")) }
    #expect(counts(try merge()) == [.duplicate: 1, .right: 1])
  }

  // MARK: Conflicts

  private func makeConflicts() throws {
    try on("main") {
      try update(Self.row("p1", "Q1", "ours"), Self.row("p2", "Q2", "ours"), at: 60)
      try add("ours.jsonl", Self.row("n1", "NQ", "ours"))
    }
    try on("side") {
      try update(Self.row("p1", "Q1", "theirs"), at: 120)
      try remove("p2")
      try add("theirs.jsonl", Self.row("n2", "NQ", "theirs"))
    }
    try on("main") {}
  }

  @Test func conflictsWaitAndNothingIsMerged() throws {
    try makeConflicts()
    let before = try workshop.records()
    let result = try merge()
    #expect(counts(result) == [.editEdit: 1, .editDelete: 1, .sameTask: 1])
    #expect(result.commit == nil && result.open.count == 3)
    #expect(try workshop.records() == before)
    #expect(kind { _ = try MergeContinueRequest().run(in: workshop.session) } == .no)
    #expect(kind { _ = try merge() } == .no)
    #expect(kind { try add("more.jsonl", Self.row("m", "MQ", "MA")) } == .no)
    #expect(kind { _ = try SwitchRequest(branch: "side", create: false).run(in: workshop.session) } == .no)
    let conflicts = try ConflictsRequest().run(in: workshop.session)
    #expect(Set(conflicts.conflicts.map(\.outcome)) == [.editEdit, .editDelete, .sameTask])
    let edit = try #require(conflicts.conflicts.first { $0.outcome == .editEdit })
    #expect(edit.fields == ["output"])
    #expect(edit.base?.content.instruction == "Q1" && edit.ours?.commit != nil && edit.theirs?.commit != nil)
    #expect(try MergeAbortRequest().run(in: workshop.session).name == "side")
    #expect(try StatusRequest().run(in: workshop.session).merge == nil)
    #expect(kind { _ = try ConflictsRequest().run(in: workshop.session) } == .no)
  }

  @Test(
    arguments: [
      (MergePolicy.ours, ["p1": ["ours"], "p2": ["ours"], "n1": ["ours"]]),
      (.theirs, ["p1": ["theirs"], "n2": ["theirs"]]),
      (.both, ["p1": ["ours", "theirs"], "p2": ["ours"], "n1": ["ours"], "n2": ["theirs"]]),
    ] as [(MergePolicy, [String: [String]])])
  func policiesDecide(policy: MergePolicy, expected: [String: [String]]) throws {
    try makeConflicts()
    let result = try merge(policy)
    #expect(result.open.isEmpty && result.decided.count == 3)
    let rest = ["p3": ["A3"], "p4": ["A4"], "p5": ["A5"]]
    #expect(try answers() == expected.merging(rest) { $1 })
    // The merge told the index which changes are its own; here the index is held to history.
    #expect(try FsckRequest().run(in: workshop.session).findings.isEmpty)
  }

  @Test func theNewestChangeWins() throws {
    try makeConflicts()
    let result = try merge(.newest)
    // The removal and the new answers were committed at the same time as what they contradict, or before.
    #expect(result.decided.first { $0.outcome == .editEdit }?.choice == "theirs")
    #expect(result.decided.first { $0.outcome == .editDelete }?.choice == "ours")
    #expect(result.open.map(\.outcome) == [.sameTask])
  }

  @Test func theBetterScoreWins() throws {
    var provenance = ImportRequest.Provenance()
    provenance.columns = ["score.quality": "score"]
    for (branch, score) in [("main", 2), ("side", 5)] {
      try on(branch) {
        try workshop.write(
          "\(branch).jsonl", #"{"instruction":"NQ","output":"\#(branch)","score":\#(score)}"# + "\n")
        try workshop.commit(.files([ImportRequest(source: "\(branch).jsonl", provenance: provenance)]))
      }
    }
    let result = try merge(.bestScore(nil))
    #expect(result.decided.map(\.choice) == ["theirs"])
    #expect(
      try workshop.records().values.filter { $0["instruction"] == "NQ" }.map { $0["output"] } == ["side"])
  }

  @Test func aRowWrittenByHandDecides() throws {
    try makeConflicts()
    _ = try merge()
    try workshop.write(
      "row.json", #"{"instruction":"Q1","output":"by hand","columns":{"id":"p1","topic":"new"}}"#)
    let record = try record("p1")
    _ = try ResolveRequest(.record("\(record)"), how: .rowFile("row.json")).run(in: workshop.session)
    let after = try ResolveRequest(.open(MergeOutcome.allCases), how: .policy(.theirs)).run(
      in: workshop.session)
    #expect(after.open.isEmpty)
    // Until then the row is in no version, and a collection must know of it.
    _ = try GarbageCollectRequest(grace: 0).run(in: workshop.session)
    _ = try MergeContinueRequest(message: "Both read again").run(in: workshop.session)
    #expect(try answers()["p1"] == ["by hand"])
    #expect(try workshop.records()[record]?["topic"] == "new")
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  @Test(arguments: [
    "[]", "{", #"{"instruction":"x"}"#, #"{"output":"x"}"#, #"{"instruction":1,"output":"x"}"#,
    #"{"instruction":"x","output":"y","answer":"z"}"#, #"{"instruction":"x","output":"y","turns":[{}]}"#,
    #"{"instruction":"x","output":"y","columns":[]}"#,
  ]) func aMalformedRowDecidesNothing(row: String) throws {
    try makeConflicts()
    _ = try merge()
    try workshop.write("row.json", row)
    let record = try record("p1")
    #expect(
      kind {
        _ = try ResolveRequest(.record("\(record)"), how: .rowFile("row.json")).run(in: workshop.session)
      }
        == .data)
    #expect(try ConflictsRequest().run(in: workshop.session).open.count == 3)
  }

  @Test func decisionsAndTheMergeAreUndone() throws {
    try makeConflicts()
    let before = try workshop.records()
    _ = try merge()
    _ = try ResolveRequest(.open([.editEdit]), how: .policy(.theirs)).run(in: workshop.session)
    _ = try ResolveRequest(.open(MergeOutcome.allCases), how: .policy(.ours)).run(in: workshop.session)
    _ = try MergeContinueRequest().run(in: workshop.session)
    let merged = try workshop.records()
    func undo() throws { _ = try UndoRequest(.undo).run(in: workshop.session) }
    try undo()
    #expect(try workshop.records() == before)
    #expect(try ConflictsRequest().run(in: workshop.session).open.isEmpty)
    try undo()
    #expect(try ConflictsRequest().run(in: workshop.session).open.count == 2)
    try undo()
    try undo()
    #expect(try StatusRequest().run(in: workshop.session).merge == nil)
    for _ in 0..<4 { _ = try UndoRequest(.redo).run(in: workshop.session) }
    #expect(try workshop.records() == merged)
  }

  // MARK: History

  @Test func aBranchThatOnlyMovedOnIsFollowed() throws {
    try on("side") { try update(Self.row("p1", "Q1", "theirs")) }
    let moved = try merge()
    #expect(moved.kind == .fastForward && moved.commit?.commit == moved.theirs.commit)
    #expect(moved.changes == ChangeCounts(edited: 1))
    #expect(try merge().kind == .upToDate)
  }

  @Test func aCommitCanBeAskedFor() throws {
    try on("side") { try update(Self.row("p1", "Q1", "theirs")) }
    try on("main") {}
    let result = try MergeRequest(revision: "side", message: "Reviewed", makesCommit: true).run(
      in: workshop.session)
    #expect(
      result.kind == .merge && result.commit?.parents.count == 2 && result.commit?.message == "Reviewed")
  }

  @Test func planningChangesNothing() throws {
    try makeConflicts()
    try on("main") {}
    let operations = try OperationsRequest().run(in: workshop.session).count
    let planned = try MergeRequest(revision: "side", dryRun: true).run(in: workshop.session)
    #expect(planned.open.count == 3 && planned.commit == nil)
    #expect(try OperationsRequest().run(in: workshop.session).count == operations)
    #expect(counts(try merge()) == counts(planned))
  }

  /// Two branches merge each other's first versions: neither of the two common ancestors is the right one alone.
  @Test func crissCrossMergesHaveABaseToo() throws {
    try on("main") { try update(Self.row("p1", "Q1", "ours")) }
    try on("side") { try update(Self.row("p2", "Q2", "theirs")) }
    for (name, branch) in [("m1", "main"), ("s1", "side")] {
      _ = try NamesRequest(.tag, action: .create(name, at: branch)).run(in: workshop.session)
    }
    for (branch, other) in [("main", "s1"), ("side", "m1")] {
      try on(branch) { _ = try MergeRequest(revision: other).run(in: workshop.session) }
    }
    try on("main") { try update(Self.row("p1", "Q1", "ours again")) }
    try on("side") { try update(Self.row("p2", "Q2", "theirs again")) }
    // Against `m1` alone, both would have changed p2, and against `s1` p1.
    #expect(counts(try merge()) == [.left: 1, .right: 1])
    #expect(try answers()["p1"] == ["ours again"])
    #expect(try answers()["p2"] == ["theirs again"])
  }

  /// Both sides decided p1 as one ancestor has it and p2 as the other: whichever counts as the first, both were decided.
  @Test func crissCrossDecisionsCountWhicheverAncestorIsTheFirst() throws {
    try on("main") { try update(Self.row("p1", "Q1", "one"), Self.row("p2", "Q2", "one")) }
    try on("side") {
      try update(Self.row("p1", "Q1", "two"))
      try remove("p2")
    }
    for (name, branch) in [("m1", "main"), ("s1", "side")] {
      _ = try NamesRequest(.tag, action: .create(name, at: branch)).run(in: workshop.session)
    }
    for (branch, other, edit, deletion) in [
      ("main", "s1", MergePolicy.ours, MergePolicy.theirs), ("side", "m1", .theirs, .ours),
    ] {
      try on(branch) {
        let policies = [MergeOutcome.editEdit: edit, .editDelete: deletion]
        _ = try MergeRequest(revision: other, policies: policies).run(in: workshop.session)
      }
    }
    #expect(counts(try merge()) == [.convergent: 2])
    #expect(try answers()["p1"] == ["one"] && answers()["p2"] == nil)
  }

  @Test func anotherVersionOfTheBranchIsNotOverwritten() throws {
    try makeConflicts()
    _ = try merge(.ours)
    let merged = try LogRequest().run(in: workshop.session)
    #expect(merged.count == 7)
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }
}
