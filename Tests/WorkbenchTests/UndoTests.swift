import Foundation
import History
import Objects
import Records
import Sequences
import Testing

@testable import Workbench

/// Every verb can be undone and redone; the long run of the same is `./dev torture undo`.
@Suite struct UndoTests {
  @Test(arguments: [1, 2, 3, 4]) func everyStateComesBackByteForByte(seed: UInt64) throws {
    let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "mdata-undo-\(UUID().uuidString)", directoryHint: .isDirectory)
    var sequences = UndoSequences(place: place, seed: seed)
    #expect(try sequences.run(5) > 20)
  }

  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    for number in 1...3 {
      try workshop.write("f\(number).jsonl", lines([["instruction": "q\(number)", "output": "a"]]))
    }
  }

  private func undo(_ action: UndoRequest.Action) throws -> UndoResult {
    try UndoRequest(action).run(in: workshop.session)
  }

  private func kind(_ action: UndoRequest.Action) -> Failure.Kind? {
    do {
      _ = try undo(action)
      return nil
    } catch { return (error as? Failure)?.kind }
  }

  @Test func aStagedFileComesBackWithItsCommitUndone() throws {
    for name in ["f1.jsonl", "f2.jsonl"] {
      _ = try AddRequest(sources: [name], provenance: ImportRequest.Provenance()).run(in: workshop.session)
    }
    let first = try workshop.commit(.staged)
    #expect(try undo(.undo).staged == 2)
    #expect(try StatusRequest().run(in: workshop.session).staged.map(\.name) == ["f1.jsonl", "f2.jsonl"])
    // What came back can be committed again, and is the same version.
    #expect(try workshop.commit(.staged).snapshot == first.snapshot)
    #expect(try undo(.undo).staged == 2)
    #expect(try undo(.undo).staged == 1)
    #expect(try undo(.undo).staged == 0)
    #expect(kind(.undo) == .no)
  }

  @Test func somethingNewEndsRedo() throws {
    try workshop.commit("f1.jsonl")
    try workshop.commit("f2.jsonl")
    _ = try undo(.undo)
    try workshop.commit("f3.jsonl")
    #expect(kind(.redo) == .no)
    #expect(try undo(.undo).target.description == "commit: x")
    #expect(try undo(.undo).target.number == 1)
    #expect(kind(.undo) == .no)
    #expect(try undo(.redo).target.number == 1)
    #expect(try undo(.redo).target.number == 4)
    #expect(kind(.redo) == .no)
    #expect(try workshop.records().count == 2)
  }

  @Test func anyStateCanBeRestored() throws {
    try workshop.commit("f1.jsonl")
    try workshop.commit("f2.jsonl")
    _ = try NamesRequest(.tag, action: .create("v", at: "HEAD")).run(in: workshop.session)
    let restored = try undo(.restore(1))
    #expect(restored.references.map(\.name) == ["main", "v"])
    #expect(try workshop.records().count == 1)
    #expect(try undo(.restore(1)).operation == nil)
    #expect(kind(.restore(9)) == .missing)
    #expect(kind(.restore(0)) == .missing)
    #expect(kind(.restore(-1)) == .missing)
    _ = try undo(.undo)
    #expect(try workshop.records().count == 2)
    let log = try OperationsRequest(limit: 4).run(in: workshop.session)
    #expect(log.map(\.number) == [5, 4, 3, 2])
    #expect(log.map(\.isUndone) == [false, true, false, false])
    #expect(log.map(\.isCurrent) == [false, false, true, false])
  }

  /// What another program did is not undone on the quiet.
  @Test func aReferenceThatWasMovedByOthersIsLeftAlone() throws {
    try workshop.commit("f1.jsonl")
    try workshop.commit("f2.jsonl")
    let workspace = try Workspace(workshop.session)
    let git = try workspace.repository.git()
    let parent = try #require(try workspace.headCommit()?.parents.first)
    let other = try git.write(
      .init(
        parents: [parent], files: [:], identity: .init(name: "A", email: "a@localhost"),
        time: .init(seconds: 1), message: "another program"))
    try git.move(.branch("main"), from: git.target(of: .branch("main")), to: .object(other))
    #expect(kind(.undo) == .other)
    #expect(try git.commit(at: .branch("main")) == other)
    _ = try undo(.restore(1))
    #expect(try workshop.records().count == 1)
  }
}
