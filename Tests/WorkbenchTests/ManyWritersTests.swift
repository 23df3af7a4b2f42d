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
    session.fileSystem = InterposedFileSystem(before: "/.mdata/lock") { try other(plain) }
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
final class InterposedFileSystem: FileSystem {
  private let real = POSIXFileSystem()
  private let suffix: String
  private let action: Mutex<(@Sendable () throws -> Void)?>

  init(before suffix: String, _ action: @escaping @Sendable () throws -> Void) {
    self.suffix = suffix
    self.action = Mutex(action)
  }

  func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    if path.hasSuffix(suffix), let action = action.withLock({ $0.take() }) {
      do { try action() } catch { throw .compression(reason: "the other process failed: \(error)") }
    }
    return try real.open(path, access)
  }
  func close(_ file: OpenFile) { real.close(file) }
  func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int { try real.read(file, into: buffer, at: offset) }
  func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    try real.write(file, bytes)
  }
  func startWriting(_ file: OpenFile) { real.startWriting(file) }
  func synchronize(_ file: OpenFile) throws(ObjectsError) { try real.synchronize(file) }
  func synchronizeDirectory(_ path: String) throws(ObjectsError) { try real.synchronizeDirectory(path) }
  func rename(_ source: String, to target: String) throws(ObjectsError) {
    try real.rename(source, to: target)
  }
  func link(_ path: String, to name: String) throws(ObjectsError) { try real.link(path, to: name) }
  func remove(_ path: String) throws(ObjectsError) { try real.remove(path) }
  func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) { try real.truncate(file, to: length) }
  func createDirectory(_ path: String) throws(ObjectsError) { try real.createDirectory(path) }
  func removeDirectory(_ path: String) throws(ObjectsError) { try real.removeDirectory(path) }
  func list(_ path: String) throws(ObjectsError) -> [String] { try real.list(path) }
  func status(_ path: String) throws(ObjectsError) -> FileStatus? { try real.status(path) }
  func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus { try real.status(file) }
  func lock(_ file: OpenFile) throws(ObjectsError) -> Bool { try real.lock(file) }
  func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    try real.map(file, length: length)
  }
}
