import Faults
import Foundation
import History
import Objects
import Records
import Synchronization
import Testing

@testable import Workbench

/// Changes that meet between the reading of a file and the lock. The other process acts when the first one opens the
/// lock file, which is the last moment at which it can.
@Suite struct ManyWritersTests {
  private func rows(_ names: [String]) -> String {
    lines(names.map { ["instruction": "q \($0)", "output": "a \($0)"] })
  }

  private func race(
    _ shop: Workshop, _ change: CommitRequest.Change,
    against other: @escaping @Sendable (Session) throws -> Void
  ) throws -> CommitResult {
    var session = shop.session
    session.now += 100
    let plain = shop.session
    session.fileSystem = MeetingFileSystem(before: "/.mdata/lock") { try other(plain) }
    return try CommitRequest(change: change, message: "racing").run(in: session)
  }

  private func outputs(_ shop: Workshop) throws -> Set<String> {
    Set(try shop.records().values.compactMap { $0["output"] })
  }

  @Test func aSyncKeepsWhatOthersAddedMeanwhile() throws {
    let shop = try Workshop()
    try shop.write("a.jsonl", rows(["1", "2", "3"]))
    try shop.write("b.jsonl", rows(["4", "5"]))
    try shop.write("edited.jsonl", rows(["1", "3", "6"]))
    try shop.commit("a.jsonl")
    let result = try race(shop, .sync(ImportRequest(source: "edited.jsonl"))) { session in
      var session = session
      session.now += 50
      _ = try CommitRequest(change: .files([ImportRequest(source: "b.jsonl")]), message: "b").run(in: session)
    }
    #expect(try outputs(shop) == ["a 1", "a 3", "a 4", "a 5", "a 6"])
    #expect(result.records == 5)
    #expect(try LogRequest().run(in: shop.session).count == 3)
  }

  @Test func anEditOfTheSameRecordIsRefusedAndAnotherIsNot() throws {
    let shop = try Workshop()
    try shop.write(
      "a.jsonl",
      lines([
        ["id": "x", "instruction": "q", "output": "1"], ["id": "y", "instruction": "r", "output": "2"],
      ]))
    try shop.write("x.jsonl", lines([["id": "x", "instruction": "q", "output": "mine"]]))
    try shop.write("x2.jsonl", lines([["id": "x", "instruction": "q", "output": "theirs"]]))
    try shop.write("y.jsonl", lines([["id": "y", "instruction": "r", "output": "theirs"]]))
    try shop.commit("a.jsonl")
    let update = { (name: String) in CommitRequest.Change.update(ImportRequest(source: name), key: "id") }
    do {
      _ = try race(shop, update("x.jsonl")) { session in
        _ = try CommitRequest(change: .update(ImportRequest(source: "x2.jsonl"), key: "id"), message: "t")
          .run(in: session)
      }
      Issue.record("an edit was overwritten")
    } catch let failure as Failure {
      #expect(failure.kind == .busy)
      #expect(failure.message.contains("edited the record"))
    }
    #expect(try outputs(shop) == ["theirs", "2"])
    _ = try race(shop, update("x.jsonl")) { session in
      _ = try CommitRequest(change: .update(ImportRequest(source: "y.jsonl"), key: "id"), message: "t").run(
        in: session)
    }
    #expect(try outputs(shop) == ["mine", "theirs"])
  }

  @Test func theSameFileIsNotCommittedTwice() throws {
    let shop = try Workshop()
    try shop.write("a.jsonl", rows(["1"]))
    do {
      _ = try race(shop, .files([ImportRequest(source: "a.jsonl")])) { session in
        _ = try CommitRequest(change: .files([ImportRequest(source: "a.jsonl")]), message: "t").run(
          in: session)
      }
      Issue.record("a batch was committed twice")
    } catch let failure as Failure {
      #expect(failure.kind == .data)
    }
    #expect(try shop.records().count == 1)
  }

  @Test func whatIsStagedMeanwhileIsCommittedToo() throws {
    let shop = try Workshop()
    try shop.write("a.jsonl", rows(["1"]))
    try shop.write("b.jsonl", rows(["2"]))
    _ = try AddRequest(sources: ["a.jsonl"], provenance: .init()).run(in: shop.session)
    _ = try race(shop, .staged) { session in
      _ = try AddRequest(sources: ["b.jsonl"], provenance: .init()).run(in: session)
    }
    #expect(try outputs(shop) == ["a 1", "a 2"])
    #expect(try StatusRequest().run(in: shop.session).staged.isEmpty)
  }

  @Test func aCommitDoesNotFollowAnotherProcessToItsBranch() throws {
    let shop = try Workshop()
    try shop.write("a.jsonl", rows(["1"]))
    try shop.write("b.jsonl", rows(["2"]))
    try shop.commit("a.jsonl")
    #expect(throws: Failure.self) {
      try race(shop, .files([ImportRequest(source: "b.jsonl")])) { session in
        _ = try SwitchRequest(branch: "other", create: true).run(in: session)
      }
    }
    #expect(try shop.records().count == 1)
  }
}

/// The operating system's files, with something done once before a path is opened.
final class MeetingFileSystem: InterposingFileSystem {
  private let suffix: String
  private let action: Mutex<(@Sendable () throws -> Void)?>

  init(before suffix: String, _ action: @escaping @Sendable () throws -> Void) {
    self.suffix = suffix
    self.action = Mutex(action)
  }

  func before(_ call: String, _ path: String) throws(ObjectsError) {
    guard call == "open", path.hasSuffix(suffix), let action = action.withLock({ $0.take() }) else { return }
    do { try action() } catch { throw .compression(reason: "the other process failed: \(error)") }
  }
}
