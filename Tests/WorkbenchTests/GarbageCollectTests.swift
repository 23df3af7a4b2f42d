import Foundation
import History
import Objects
import Records
import Sequences
import Testing

@testable import Workbench

/// A collection drops what nothing needs and nothing else.
@Suite struct GarbageCollectTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @discardableResult
  private func collect(
    aggressive: Bool = false, grace: Int64 = GarbageCollectRequest.standardGrace, dryRun: Bool = false
  ) throws -> GarbageCollectResult {
    try GarbageCollectRequest(dryRun: dryRun, aggressive: aggressive, grace: grace).run(in: workshop.session)
  }

  private func undo(_ action: UndoRequest.Action) throws {
    _ = try UndoRequest(action).run(in: workshop.session)
  }

  private func write(_ name: String, _ numbers: Range<Int>, salt: String = "") throws {
    var random = SplitMix64(seed: UInt64(numbers.lowerBound) + 1)
    try workshop.write(
      name,
      lines(
        numbers.map { number in
          [
            "id": "\(number)", "instruction": "What about case \(number)?\(salt)",
            "output": String(repeating: "word\(Int.random(in: 0..<99, using: &random)) ", count: 8),
          ]
        }))
  }

  private func damage() throws -> [ObjectsError] { try Workspace(workshop.session).store.check() }

  private func fullText() throws -> [String] {
    try LogRequest(revision: "HEAD").run(in: workshop.session).map { try workshop.checkout($0.commit) }
  }

  @Test func everyVersionStaysByteForByte() throws {
    try write("base.jsonl", 0..<900)
    try workshop.commit("base.jsonl")
    for number in 1...8 {
      try write("more.jsonl", number * 1_000..<number * 1_000 + 3)
      try workshop.commit("more.jsonl", at: Int64(number))
      try write("edit.jsonl", number * 7..<number * 7 + 2, salt: " Edited \(number).")
      try workshop.commit(
        .update(ImportRequest(source: "edit.jsonl"), key: "id"), at: Int64(number) + 100)
    }
    let texts = try fullText()
    #expect(texts.count == 17)
    let planned = try collect(dryRun: true)
    // Of the seventeen packs, writers have merged those of full tiers. What a tier short of one leaves is for `gc`.
    let objects = workshop.folder.appending(path: ".mdata/objects").path
    let packs = try FileManager.default.contentsOfDirectory(atPath: objects).count { $0.hasSuffix(".pack") }
    #expect(planned.packs.count == packs && packs > 3 && packs < 10 && planned.isDryRun)
    let merged = try collect()
    #expect(merged.packsAfter == planned.packsAfter && merged.packsAfter <= 3)
    // The index is as wide as the size of the new pack makes it: the plan may be off by two bytes an object.
    #expect(merged.bytesAfter <= planned.bytesAfter && merged.bytesAfter < merged.bytesBefore)
    #expect(try fullText() == texts)
    let again = try collect()
    #expect(again.packs.allSatisfy { $0.fate == "stays" } && again.bytesAfter == merged.bytesAfter)
    let small = try collect(aggressive: true, grace: 0)
    #expect(small.bytesAfter < merged.bytesAfter && small.packsAfter == 1)
    #expect(try fullText() == texts)
    #expect(try damage().isEmpty)
    // And life goes on.
    try write("more.jsonl", 99_000..<99_700)
    try workshop.commit("more.jsonl", at: 999)
    #expect(try fullText().dropFirst() == texts[...])
  }

  @Test func undoneWorkComesBackUntilTheGraceIsOver() throws {
    try write("base.jsonl", 0..<5)
    try workshop.commit("base.jsonl")
    try write("gone.jsonl", 100..<105)
    let gone = try workshop.commit("gone.jsonl")
    try undo(.undo)
    _ = try AddRequest(sources: ["gone.jsonl"], provenance: ImportRequest.Provenance()).run(
      in: workshop.session)
    try undo(.undo)
    #expect(try collect(aggressive: true).dropped == 0)
    try undo(.redo)
    #expect(try StatusRequest().run(in: workshop.session).staged.map(\.rows) == [5])
    try undo(.undo)
    let collected = try collect(grace: 0)
    #expect(collected.dropped >= 6 && collected.horizon == 7 && collected.stagingFiles.count == 2)
    #expect(try damage().isEmpty)
    let store = try Workspace(workshop.session).store
    let row = try JSON.parse(Array(workshop.text("gone.jsonl").split(separator: "\n")[0].utf8))
    let pair = try Pair(
      instruction: #require(row["instruction"]?.string), output: #require(row["output"]?.string))
    #expect(!store.contains(ObjectID.hash(.pair, pair.canonicalBytes), .pair))
    for number in [2, 4] {
      do {
        try undo(.restore(number))
        Issue.record("operation \(number) was restored")
      } catch let failure as Failure {
        #expect(failure.kind == .missing && failure.message.contains("older than what `mdata gc` keeps"))
      }
    }
    // The same can be made again, from the file.
    let again = try workshop.commit("gone.jsonl")
    #expect(again.snapshot == gone.snapshot)
    #expect(try damage().isEmpty)
    // What is still reached for another reason can be undone whatever its age.
    try undo(.undo)
    #expect(try workshop.records().count == 5)
  }

  @Test func pinsAndStagedWorkAndRunsAreKept() throws {
    try write("base.jsonl", 0..<5)
    try workshop.commit("base.jsonl")
    try write("pinned.jsonl", 10..<15)
    try workshop.commit("pinned.jsonl", at: 5)
    _ = try PinRequest().run(in: workshop.session)
    try undo(.undo)
    try write("staged.jsonl", 20..<25)
    _ = try AddRequest(sources: ["staged.jsonl"], provenance: ImportRequest.Provenance()).run(
      in: workshop.session)
    #expect(try collect(aggressive: true, grace: 0).stagingFiles.isEmpty)
    _ = try CheckoutRequest(version: .locked, target: .file("out.jsonl"), format: nil).run(
      in: workshop.session)
    #expect(try workshop.text("out.jsonl") == workshop.text("base.jsonl") + workshop.text("pinned.jsonl"))
    try workshop.commit(.staged, at: 9)
    #expect(try workshop.checkout() == workshop.text("base.jsonl") + workshop.text("staged.jsonl"))
    // A lock file that says nothing is no reason to drop what it may have pinned.
    try workshop.write("mdata.lock", "{}")
    #expect(throws: Failure.self) { try collect() }
    try FileManager.default.removeItem(at: workshop.folder.appending(path: "mdata.lock"))
    try collect(grace: 0)
    #expect(try damage().isEmpty)
  }

  /// What was dropped is gone for every verb, and says so; what stayed does not mind.
  @Test func versionsThatWereDroppedAreNotTakenForDamage() throws {
    try write("base.jsonl", 0..<40)
    try workshop.commit("base.jsonl")
    try write("edit.jsonl", 3..<4, salt: " Edited.")
    let edited = try workshop.commit(.update(ImportRequest(source: "edit.jsonl"), key: "id"), at: 5)
    let gone = try #require(edited.commit?.commit)
    let third = try #require(try workshop.records().first { $0.value["id"] == "3" }?.key).description
    func commits() throws -> [String] {
      try BlameRequest(record: third, revision: "HEAD").run(in: workshop.session).commits.map(\.commit)
    }
    #expect(try commits().contains(gone))
    // A training goes on while its version is undone and dropped, and records its run afterwards.
    let workspace = try Workspace(workshop.session)
    let trained = try #require(try workspace.headCommit())
    try undo(.undo)
    #expect(try !commits().contains(gone))
    try collect(aggressive: true, grace: 0)
    #expect(try commits().count == 1 && !commits().contains(gone))
    for revision in [gone, String(gone.prefix(10))] {
      do {
        _ = try NamesRequest(.tag, action: .create("late", at: revision)).run(in: workshop.session)
        Issue.record("a tag was made at a version that is gone")
      } catch let failure as Failure { #expect(failure.kind == .missing, "\(failure)") }
    }
    try record(run: 3, on: trained, in: workspace.repository, at: workshop.session.now)
    #expect(try RunsRequest().run(in: workshop.session).count == 1)
    try collect(grace: 0)
    try collect(aggressive: true, grace: 0)
    #expect(try damage().isEmpty && fullText() == [workshop.text("base.jsonl")])
  }

  /// A writer that began before the collection left rows out of its pack because the store had them, as garbage.
  @Test func aWriterAtWorkKeepsGarbageThatItCountsOn() throws {
    try write("base.jsonl", 0..<5)
    try workshop.commit("base.jsonl")
    try write("gone.jsonl", 100..<105)
    try workshop.commit("gone.jsonl")
    try undo(.undo)
    let workspace = try Workspace(workshop.session)
    do {
      let writer = try PackWriter(workspace.store)
      let imports = try workspace.read([ImportRequest(source: "gone.jsonl")], into: writer)
      let busy = try collect(grace: 0)
      #expect(busy.wasBusy)
      let transaction = try workspace.begin("add", "add", pack: writer)
      for batch in imports { try transaction.stage(batch.staged, pairs: batch.pairs) }
      try transaction.finish()
    }
    try workshop.commit(.staged, at: 9)
    try collect(grace: 0)
    #expect(try workshop.checkout() == workshop.text("base.jsonl") + workshop.text("gone.jsonl"))
    #expect(try damage().isEmpty)
  }

  @Test func oneCollectionAtATime() throws {
    try write("base.jsonl", 0..<5)
    try workshop.commit("base.jsonl")
    let workspace = try Workspace(workshop.session)
    let options = GarbageCollection.Options(
      aggressive: false, cutoff: nil, pinned: nil, threads: 1)
    let first = try GarbageCollection(workspace.repository, options)
    do {
      try collect()
      Issue.record("two collections at once")
    } catch let failure as Failure { #expect(failure.kind == .busy) }
    // The plan is stale by the time it is carried out: what came since is kept.
    try write("more.jsonl", 10..<12)
    try workshop.commit("more.jsonl", at: 3)
    _ = try first.perform()
    #expect(try fullText().count == 2)
    #expect(try damage().isEmpty)
  }

  /// A version that cannot be read whole stops a collection before it drops anything.
  @Test func damageStopsACollection() throws {
    try write("base.jsonl", 0..<5)
    try workshop.commit("base.jsonl")
    try write("more.jsonl", 10..<15)
    try workshop.commit("more.jsonl", at: 3)
    let folder = workshop.folder.appending(path: ".mdata/objects").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    try FileManager.default.removeItem(atPath: folder + "/" + names[0])
    #expect(throws: Failure.self) { try collect(grace: 0) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == Array(names.dropFirst()))
  }
}
