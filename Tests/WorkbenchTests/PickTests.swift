import History
import Objects
import Records
import Testing

@testable import Workbench

/// One commit's changes, taken over or taken back.
@Suite struct PickTests {
  private let workshop: Workshop

  /// Three rows on `main`; on `side` a commit that adds two, one that edits p1's answer, one that removes p3.
  init() throws {
    workshop = try Workshop()
    try workshop.write("base.jsonl", lines((1...3).map { Self.row("p\($0)", "A\($0)") }))
    try workshop.commit("base.jsonl")
    _ = try SwitchRequest(branch: "side", create: true).run(in: workshop.session)
    try workshop.write("new.jsonl", lines([Self.row("n1", "N1"), Self.row("n2", "N2")]))
    try workshop.commit("new.jsonl")
    try update(Self.row("p1", "theirs"))
    try workshop.write(
      "all.jsonl",
      try workshop.checkout().split(separator: "\n").filter { !$0.contains("p3") }.joined(separator: "\n"))
    try workshop.commit(.sync(ImportRequest(source: "all.jsonl")))
    _ = try SwitchRequest(branch: "main", create: false).run(in: workshop.session)
  }

  private static func row(_ id: String, _ output: String, topic: String = "t") -> [String: String] {
    ["id": id, "instruction": "Q\(id)", "output": output, "topic": topic]
  }

  private func update(_ row: [String: String]) throws {
    try workshop.write("update.jsonl", lines([row]))
    try workshop.commit(.update(ImportRequest(source: "update.jsonl"), key: "id"))
  }

  private func answers() throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try workshop.records().values.map { ($0["id"] ?? "", $0["output"] ?? "") })
  }

  @discardableResult
  private func pick(_ revision: String, _ policy: MergePolicy? = nil, mainline: Int? = nil) throws
    -> MergeResult
  {
    try run(.cherryPick, revision, policy, mainline)
  }

  @discardableResult
  private func revert(_ revision: String, _ policy: MergePolicy? = nil, mainline: Int? = nil) throws
    -> MergeResult
  {
    try run(.revert, revision, policy, mainline)
  }

  private func run(_ kind: PickRequest.Kind, _ revision: String, _ policy: MergePolicy?, _ mainline: Int?)
    throws
    -> MergeResult
  {
    var policies: [MergeOutcome: MergePolicy] = [:]
    for outcome in MergeOutcome.allCases where outcome.isConflict { policies[outcome] = policy }
    return try PickRequest(kind, revision: revision, mainline: mainline, policies: policies).run(
      in: workshop.session)
  }

  /// Each time the answer of the other side becomes a record, which is edited then.
  @Test func anAnswerThatIsKeptAgainTakesNoIdThatIsInUse() throws {
    try update(Self.row("p1", "ours"))
    var edited: Set<String> = []
    for number in 1...4 {
      try pick("side~1", .both)
      let record = try #require(try workshop.records().first { $0.value["output"] == "theirs" }?.key)
      edited.insert("edit \(number)")
      let edit = Self.row("p1", "edit \(number)").merging(["record": "\(record)"]) { $1 }
      try workshop.write("edit.jsonl", lines([edit]))
      try workshop.commit(.update(ImportRequest(source: "edit.jsonl"), key: nil))
      let answers = Set(try workshop.records().values.compactMap { $0["id"] == "p1" ? $0["output"] : nil })
      #expect(answers == edited.union(["ours"]))
    }
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  @Test func onlyWhatTheCommitChangedIsTakenOver() throws {
    try pick("side~1")
    #expect(try answers() == ["p1": "theirs", "p2": "A2", "p3": "A3"])
    try pick("side")
    #expect(try answers() == ["p1": "theirs", "p2": "A2"])
    // The batch of the commit that was not taken over is not part of the version.
    #expect(try ShowRequest(revision: "HEAD").run(in: workshop.session).batches.count == 2)
    let result = try pick("side~2")
    #expect(result.changes == ChangeCounts(added: 2) && result.commit?.parents.count == 1)
    #expect(try answers() == ["p1": "theirs", "p2": "A2", "n1": "N1", "n2": "N2"])
    #expect(try ShowRequest(revision: "HEAD").run(in: workshop.session).batches.count == 3)
    let message = try #require(result.commit?.message)
    #expect(message.hasPrefix("x\n\n(cherry picked from commit ") && message.contains(result.theirs.commit))
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    // Both branches have the same records now: whatever the way, the same content has the same root.
    let snapshots = try ["main", "side"].map {
      try ShowRequest(revision: $0).run(in: workshop.session).commit.snapshot
    }
    #expect(snapshots[0] == snapshots[1])
    #expect(try pick("side~2").kind == .upToDate)
  }

  @Test func whatContradictsWaits() throws {
    try update(Self.row("p1", "ours", topic: "ours"))
    let result = try pick("side~1")
    #expect(result.open.map(\.outcome) == [.editEdit] && result.commit == nil)
    let status = try StatusRequest().run(in: workshop.session)
    #expect(status.merge?.verb == "cherry-pick" && status.merge?.name == "side~1")
    #expect(throws: Failure.self) { try pick("side") }
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    _ = try GarbageCollectRequest(grace: 0).run(in: workshop.session)
    _ = try ResolveRequest(.open(MergeOutcome.allCases), how: .policy(.theirs)).run(in: workshop.session)
    let made = try MergeContinueRequest().run(in: workshop.session)
    #expect(made.commit?.parents.count == 1 && made.verb == "cherry-pick")
    #expect(try answers()["p1"] == "theirs")
    let blame = try BlameRequest(record: "\(try record("p1"))").run(in: workshop.session)
    #expect(blame.decisions.map(\.verb) == ["cherry-pick"] && blame.decisions.map(\.decision) == ["theirs"])
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try StatusRequest().run(in: workshop.session).merge?.decided == 1)
    #expect(try MergeAbortRequest().run(in: workshop.session).name == "side~1")
    #expect(try answers()["p1"] == "ours")
  }

  /// The one who picks, later than what is picked was written.
  private var picker: Session {
    var session = workshop.session
    (session.author, session.now) = (("Another", "another@localhost"), session.now + 3600)
    return session
  }

  @Test func whoWroteTheChangeStaysItsAuthor() throws {
    let written = try ShowRequest(revision: "side~1").run(in: workshop.session).commit
    func expectOrigin(_ commit: CommitSummary?) throws {
      let made = try #require(commit)
      #expect(made.author == "A Tester <tester@localhost>" && made.time == written.time)
      #expect(made.committer.name == "Another <another@localhost>")
      #expect(made.committer.time == written.time + 3600 && made.isTakenOver && !written.isTakenOver)
    }
    try expectOrigin(PickRequest(.cherryPick, revision: "side~1").run(in: picker).commit)
    #expect(
      try workshop.ask("SELECT author, committer, committed > time FROM commits LIMIT 1")
        == [["A Tester", "Another", "1"]])
    let reverted = try #require(try PickRequest(.revert, revision: "HEAD").run(in: picker).commit)
    #expect(reverted.author == "Another <another@localhost>" && !reverted.isTakenOver)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    _ = try UndoRequest(.redo).run(in: workshop.session)
    try expectOrigin(ShowRequest(revision: "HEAD").run(in: workshop.session).commit)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    // Also when it waited for a decision, with a message of its own.
    try update(Self.row("p1", "ours"))
    #expect(try PickRequest(.cherryPick, revision: "side~1").run(in: picker).open.count == 1)
    _ = try ResolveRequest(.open(MergeOutcome.allCases), how: .policy(.theirs)).run(in: picker)
    try expectOrigin(MergeContinueRequest(message: "Taken over").run(in: picker).commit)
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  /// Newest is by when a version got the change, not by when somebody first wrote it elsewhere.
  @Test func whatWasTakenOverLastIsTheNewest() throws {
    _ = try NamesRequest(.branch, action: .create("third", at: "HEAD")).run(in: workshop.session)
    _ = try PickRequest(.cherryPick, revision: "side~1").run(in: picker)
    _ = try SwitchRequest(branch: "third", create: false).run(in: workshop.session)
    try workshop.write("update.jsonl", lines([Self.row("p1", "between")]))
    try workshop.commit(.update(ImportRequest(source: "update.jsonl"), key: "id"), at: 60)
    _ = try MergeRequest(revision: "main", policies: [.editEdit: .newest]).run(in: workshop.session)
    #expect(try answers()["p1"] == "theirs")
  }

  private func record(_ id: String) throws -> RecordID {
    try #require(try workshop.records().first { $0.value["id"] == id }?.key)
  }

  @Test func differentFieldsGoTogether() throws {
    try update(Self.row("p1", "A1", topic: "ours"))
    #expect(try pick("side~1").counts[.fieldMerged] == 1)
    let row = try workshop.records().values.first { $0["id"] == "p1" }
    #expect(row?["output"] == "theirs" && row?["topic"] == "ours")
  }

  @Test func whatACommitChangedIsTakenBackAndLaterChangesStay() throws {
    _ = try SwitchRequest(branch: "side", create: false).run(in: workshop.session)
    try revert("HEAD~1")
    #expect(try answers() == ["p1": "A1", "p2": "A2", "n1": "N1", "n2": "N2"])
    try revert("HEAD~1")
    #expect(try answers()["p3"] == "A3")
    let result = try revert("HEAD~4")
    #expect(result.changes == ChangeCounts(removed: 2))
    #expect(try answers() == ["p1": "A1", "p2": "A2", "p3": "A3"])
    #expect(result.commit?.message.hasPrefix("Revert \"x\"\n\nThis reverts commit ") == true)
    #expect(try revert("HEAD~5").kind == .upToDate)
    try revert("HEAD")
    try update(Self.row("n1", "edited"))
    let later = try revert("side~7")
    #expect(later.open.map(\.outcome) == [.editDelete])
    _ = try MergeAbortRequest().run(in: workshop.session)
    try revert("side~7", .ours)
    #expect(try answers()["n1"] == "edited" && answers()["n2"] == nil)
    #expect(throws: Failure.self) { try revert("main") }
  }

  @Test func aDeduplicationIsTakenBack() throws {
    try workshop.write(
      "twin.jsonl", lines([Self.row("t", "A1"), ["id": "u", "instruction": "Qp1", "output": "A1"]]))
    try workshop.commit("twin.jsonl")
    let before = try workshop.records()
    let dropped = try DedupRequest().run(in: workshop.session)
    #expect(dropped.dropped == 1)
    try update(Self.row("p2", "later"))
    try revert("HEAD~1")
    #expect(try workshop.records().count == before.count && answers()["p2"] == "later")
  }

  @Test func ofAMergeItMustBeSaidWhichSide() throws {
    try update(Self.row("p2", "ours"))
    _ = try MergeRequest(revision: "side").run(in: workshop.session)
    #expect(throws: Failure.self) { try revert("HEAD") }
    #expect(throws: Failure.self) { try revert("HEAD", mainline: 3) }
    #expect(throws: Failure.self) { try revert("HEAD~1", mainline: 1) }
    try revert("HEAD", mainline: 1)
    #expect(try answers() == ["p1": "A1", "p2": "ours", "p3": "A3"])
  }
}
