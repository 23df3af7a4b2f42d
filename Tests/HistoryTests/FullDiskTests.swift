import Objects
import Synchronization
import Testing

@testable import History

@Suite struct FullDiskTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `references that moved in part follow on a disk without room`() throws {
    let commit = try Repository.make(in: folder).change().committed()
    let disk = FillingFileSystem(at: "/refs/heads/topic")
    let repository = try Repository(path: folder.at(".mdata"), fileSystem: disk)
    let transaction = try repository.change("switch")
    try transaction.move(.branch("topic"), to: commit)
    try transaction.setHead(to: .reference(.branch("topic")))
    try transaction.finish()
    #expect(disk.isFull)
    #expect(try repository.reopened().head() == Head(branch: .branch("topic"), commit: commit))
  }

  @Test func `without room from the beginning no reference moves, and no operation stays`() throws {
    let made = try Repository.make(in: folder)
    let commit = try made.change().committed()
    let before = try made.operations.list().map(\.digest)
    let disk = FillingFileSystem(at: "/operations/")
    let repository = try Repository(path: folder.at(".mdata"), fileSystem: disk)
    let transaction = try repository.change("switch")
    try transaction.move(.branch("topic"), to: commit)
    try transaction.setHead(to: .reference(.branch("topic")))
    #expect(throws: GitError.self) { try transaction.finish() }
    #expect(disk.isFull)
    let after = try made.reopened()
    #expect(try after.head() == Head(branch: .branch("main"), commit: commit))
    #expect(try after.git().target(of: .branch("topic")) == nil)
    #expect(try after.operations.list().map(\.digest) == before)
  }
}

extension Transaction {
  /// A version on the current branch.
  fileprivate func committed() throws -> CommitID {
    let id = try commit([], parents: [], message: "one")
    try finish()
    return id
  }
}

/// A disk that has no room left once a file has come into a place.
private final class FillingFileSystem: InterposingFileSystem {
  private let place: String
  private let full = Mutex(false)

  init(at place: String) { self.place = place }

  var isFull: Bool { full.withLock { $0 } }

  func before(_ call: String, _ path: String) throws(ObjectsError) {
    if call == "write", isFull { throw .system(call: call, path: path, code: 28) }
  }

  func rename(_ source: String, to target: String) throws(ObjectsError) {
    try before("rename", target)
    try real.rename(source, to: target)
    if target.contains(place) { full.withLock { $0 = true } }
  }
}
