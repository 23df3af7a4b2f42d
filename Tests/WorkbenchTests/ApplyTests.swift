import Foundation
import History
import Objects
import Records
import Testing

@testable import Workbench

/// Patches: written from two versions, applied elsewhere, and refused when they are not whole.
@Suite struct ApplyTests {
  private let workshop: Workshop

  /// Five rows at `v1`; at `v2` p1's answer and p2's topic are edited, p3 is removed, two are added.
  init() throws {
    workshop = try Workshop()
    try Self.base(workshop)
    try workshop.write(
      "update.jsonl", lines([Self.row("p1", "better"), Self.row("p2", "A2", topic: "other")]))
    try workshop.commit(.update(ImportRequest(source: "update.jsonl"), key: "id"))
    try workshop.write(
      "all.jsonl",
      try workshop.checkout().split(separator: "\n").filter { !$0.contains("p3") }.joined(separator: "\n"))
    try workshop.commit(.sync(ImportRequest(source: "all.jsonl")))
    var provenance = ImportRequest.Provenance()
    (provenance.teacher, provenance.columns) = ("a teacher", ["score.quality": "score"])
    try workshop.write("new.jsonl", #"{"id":"n1","instruction":"N1","output":"naïve","score":3}"# + "\n")
    try workshop.commit(.files([ImportRequest(source: "new.jsonl", provenance: provenance)]))
    try tag("v2", workshop)
  }

  private static func base(_ workshop: Workshop) throws {
    try workshop.write("base.jsonl", lines((1...5).map { row("p\($0)", "A\($0)") }))
    try workshop.commit("base.jsonl")
    _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD")).run(in: workshop.session)
  }

  private func tag(_ name: String, _ workshop: Workshop) throws {
    _ = try NamesRequest(.tag, action: .create(name, at: "HEAD")).run(in: workshop.session)
  }

  private static func row(_ id: String, _ output: String, topic: String = "t") -> [String: String] {
    ["id": id, "instruction": "Q\(id)", "output": output, "topic": topic]
  }

  private func patch(_ from: String = "v1", _ to: String = "v2") throws -> String {
    var bytes: [UInt8] = []
    try PatchRequest(from: from, to: to).run(in: workshop.session) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func apply(
    _ patch: String, to workshop: Workshop, reversed: Bool = false, _ policy: ApplyRequest.Policy? = nil
  ) throws -> ApplyResult {
    try workshop.write("x.patch", patch)
    return try ApplyRequest(patch: "x.patch", isReversed: reversed, policy: policy).run(in: workshop.session)
  }

  private func rows(_ workshop: Workshop) throws -> Set<[String: String]> {
    Set(try workshop.records().values)
  }

  private func snapshot(_ revision: String) throws -> String {
    try ShowRequest(revision: revision).run(in: workshop.session).commit.snapshot
  }

  @Test func anotherCopyComesToTheSameRows() throws {
    let other = try Workshop()
    try Self.base(other)
    let result = try apply(try patch(), to: other)
    #expect(result.counts == ChangeCounts(added: 1, edited: 2, removed: 1) && result.commit != nil)
    #expect(try rows(other) == rows(workshop))
    let added = try #require(try other.records().first { $0.value["id"] == "n1" }?.key)
    let blame = try BlameRequest(record: "\(added)").run(in: other.session)
    #expect(blame.origin.teacher == "a teacher" && blame.origin.scores.map(\.score) == [3])
    #expect(try FsckRequest().run(in: other.session).isIntact)
    // Once more there is nothing to do, and its opposite leads back.
    let again = try apply(try patch(), to: other)
    #expect(again.unchanged == 4 && again.counts.isEmpty && again.commit == nil)
    let back = try apply(try patch(), to: other, reversed: true)
    #expect(back.conflicts.isEmpty && back.counts.removed == 0)
    #expect(try rows(other).filter { $0["id"] != "n1" } == Set((1...5).map { Self.row("p\($0)", "A\($0)") }))
    _ = try UndoRequest(.undo).run(in: other.session)
    #expect(try rows(other) == rows(workshop))
  }

  /// What the patch added was edited since: it is added again, and the edited record stays.
  @Test func aPatchThatIsAppliedAgainTakesNoIdThatIsInUse() throws {
    let other = try Workshop()
    try Self.base(other)
    _ = try apply(try patch(), to: other)
    for text in ["edited", "edited again"] {
      let record = try #require(try other.records().first { $0.value["output"] == "naïve" }?.key)
      let edit = ["record": "\(record)", "instruction": "N1", "output": text]
      try other.write("u.jsonl", lines([edit]))
      try other.commit(.update(ImportRequest(source: "u.jsonl"), key: nil))
      let result = try apply(try patch(), to: other)
      #expect(result.counts == ChangeCounts(added: 1, edited: 0, removed: 0))
      #expect(try other.records()[record]?["output"] == text)
    }
    #expect(
      try Set(rows(other).filter { $0["id"] == "n1" }.map { $0["output"] }) == [
        "naïve", "edited", "edited again",
      ])
    #expect(try FsckRequest().run(in: other.session).isIntact)
  }

  @Test func inTheSameRepositoryRecordsComeBackUnderTheirNames() throws {
    let before = try workshop.records()
    _ = try apply(try patch(), to: workshop, reversed: true)
    #expect(try rows(workshop) == Set((1...5).map { Self.row("p\($0)", "A\($0)") }))
    let removed = try #require(before.first { $0.value["id"] == "n1" }?.key)
    #expect(try workshop.records()[removed] == nil)
    _ = try apply(try patch(), to: workshop)
    #expect(try workshop.records()[removed] == before[removed])
    #expect(try Set(workshop.records().keys) == Set(before.keys))
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  /// It was added and edited in between: its first row is not what comes back.
  @Test func aRecordThatWasEditedComesBackUnderItsNameToo() throws {
    let added = try #require(try workshop.records().first { $0.value["id"] == "n1" }?.key)
    try workshop.write("u.jsonl", lines([["record": "\(added)", "instruction": "N1", "output": "edited"]]))
    try workshop.commit(.update(ImportRequest(source: "u.jsonl"), key: nil))
    try tag("v3", workshop)
    let after = try workshop.records()
    let whole = try patch("v1", "v3")
    _ = try apply(whole, to: workshop, reversed: true)
    #expect(try workshop.records()[added] == nil)
    #expect(try apply(whole, to: workshop).counts == ChangeCounts(added: 1, edited: 2, removed: 1))
    #expect(try workshop.records() == after)
    _ = try apply(whole, to: workshop, reversed: true)
    #expect(try rows(workshop) == Set((1...5).map { Self.row("p\($0)", "A\($0)") }))
    // What the patch edits is there no longer, and is taken all the same.
    let edits = try patch("v2", "v3")
    #expect(
      try apply(edits, to: workshop).conflicts.map(\.reason) == ["it is not there, and the patch edits it"])
    _ = try apply(edits, to: workshop, .theirs)
    #expect(try workshop.records()[added] == after[added])
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  @Test func changesOfDifferentFieldsGoTogetherAndOthersContradict() throws {
    let other = try Workshop()
    try Self.base(other)
    try other.write(
      "u.jsonl", lines([Self.row("p1", "ours"), Self.row("p2", "mine"), Self.row("p3", "kept")]))
    try other.commit(.update(ImportRequest(source: "u.jsonl"), key: "id"))
    let before = try other.records()
    let refused = try apply(try patch(), to: other)
    #expect(refused.commit == nil && !refused.isDecided && refused.conflicts.count == 2)
    #expect(refused.conflicts.map(\.fields) == [["output"], []])
    #expect(try other.records() == before)
    let ours = try apply(try patch(), to: other, .ours)
    #expect(ours.counts == ChangeCounts(added: 1, edited: 1, removed: 0))
    var found = Dictionary(uniqueKeysWithValues: try rows(other).map { ($0["id"] ?? "", $0) })
    #expect(found["p1"]?["output"] == "ours" && found["p3"]?["output"] == "kept")
    #expect(found["p2"]?["output"] == "mine" && found["p2"]?["topic"] == "other")
    _ = try UndoRequest(.undo).run(in: other.session)
    _ = try apply(try patch(), to: other, .theirs)
    found = Dictionary(uniqueKeysWithValues: try rows(other).map { ($0["id"] ?? "", $0) })
    #expect(found["p1"]?["output"] == "better" && found["p3"] == nil && found["n1"] != nil)
  }

  @Test func whatIsNoWholePatchIsRefused() throws {
    let whole = try patch()
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let broken: [String] = [
      "", "\n", "{}", "{\"instruction\":\"x\",\"output\":\"y\"}", lines.dropLast(2).joined(separator: "\n"),
      lines[1...].joined(separator: "\n"), whole + lines[1], String(whole.dropLast(30)),
      whole.replacingOccurrences(of: "\"added\":1", with: "\"added\":2"),
      whole.replacingOccurrences(of: "mdata.patch/v1", with: "mdata.patch/v2"),
      whole.replacingOccurrences(of: "\"record\":\"", with: "\"record\":\"x"),
      ([lines[0]] + lines[1..<lines.count - 2].reversed() + lines.suffix(2)).joined(separator: "\n"),
      whole.replacingOccurrences(of: "\"output\":\"better\"", with: "\"output\":7"),
    ]
    let before = try workshop.records()
    for (number, text) in broken.enumerated() {
      do {
        _ = try apply(text, to: workshop, reversed: true)
        Issue.record("number \(number) was taken")
      } catch let failure as Failure {
        #expect(
          failure.kind == .data && failure.message.contains("x.patch:"), "\(number): \(failure.message)")
      }
    }
    #expect(try workshop.records() == before)
  }
}
