import Objects
import Records
import Testing

@testable import History

@Suite struct OperationLogTests {
  let folder: TemporaryFolder
  let repository: Repository
  let files = POSIXFileSystem()

  init() throws {
    folder = try TemporaryFolder()
    repository = try Repository.make(in: folder)
  }

  private func commit(_ number: Int) throws -> CommitID {
    let transaction = try repository.change()
    let parents = try repository.head().commit.map { [$0] } ?? []
    let id = try transaction.commit(
      imported(batch(UInt64(number)), rows: 3), parents: parents, message: "\(number)")
    try transaction.finish()
    return id
  }

  @Test func `each operation names the one before`() throws {
    for number in 1...3 { _ = try commit(number) }
    let noted = try repository.change("train")
    noted.note(object(1))
    try noted.finish()
    let list = try repository.operations.list()
    #expect(list.map(\.sequence) == [4, 3, 2, 1])
    #expect(list.dropLast().map(\.operation.parent) == list.dropFirst().map(\.digest))
    #expect(list[0].operation.objects == [object(1)] && list[0].operation.after.isEmpty)
    #expect(list[3].operation.parent == nil && list[3].operation.before.isEmpty)
    #expect(try repository.operations.list(limit: 2).map(\.sequence) == [4, 3])
    #expect(try repository.operations.latest() == list[0])
    #expect(
      try files.list(repository.operations.folder + "/00000000").contains(
        "0000000001-\(list[3].digest.hex.prefix(16)).json"))
  }

  @Test func `every damage to the log is found`() throws {
    for number in 1...3 { _ = try commit(number) }
    let folder = repository.operations.folder + "/00000000"
    let names = try files.list(folder).sorted()
    let second = folder + "/" + names[1]
    let bytes = try files.contents(of: second, limit: 1 << 20)
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8(position % 8)
      try files.replaceAtomically(second, with: damaged)
      #expect(throws: HistoryError.self) { try repository.operations.verify() }
    }
    try files.remove(second)
    #expect(throws: HistoryError.self) { try repository.operations.verify() }
    try files.replaceAtomically(second, with: bytes)
    try repository.operations.verify()
    let first = folder + "/" + names[0]
    let firstBytes = try files.contents(of: first, limit: 1 << 20)
    try files.remove(first)
    #expect(throws: HistoryError.self) { try repository.operations.verify() }
    try files.replaceAtomically(first, with: firstBytes)
    for stray in [
      "x", "0000000004-0000.json", "0000000003-0000000000000000.json", "../x", "../\(names[1])",
      "0000000100-\(names[1].dropFirst(11))",
    ] {
      try files.replaceAtomically(folder + "/" + stray, with: bytes)
      #expect(throws: HistoryError.self) { try repository.operations.verify() }
      try files.remove(folder + "/" + stray)
    }
  }

  /// The states a kill can leave between the operation's file and the last reference.
  @Test func `an operation of which nothing moved is dropped`() throws {
    let one = try commit(1)
    let before = try repository.operations.latest()
    let log = repository.operations
    _ = try log.append(operation(after: ["refs/heads/x": one.hex], parent: before?.digest), after: before)
    let next = try repository.change()
    try next.move(.tag("t"), to: one)
    try next.finish()
    #expect(try repository.git().target(of: .branch("x")) == nil)
    #expect(try log.latest()?.operation.parent == before?.digest)
    try log.verify()
  }

  @Test func `an operation of which something moved is completed`() throws {
    let one = try commit(1)
    let log = repository.operations
    let before = try log.latest()
    let begun = try log.append(
      operation(
        before: ["HEAD": "refs/heads/main"], after: ["HEAD": "refs/heads/x", "refs/heads/x": one.hex],
        parent: before?.digest), after: before)
    try repository.git().move(.branch("x"), from: nil, to: .object(one))
    try repository.change().finish()
    #expect(try repository.head() == Head(branch: .branch("x"), commit: one))
    #expect(try log.latest() == begun)
  }

  @Test func `what another program moved is left alone`() throws {
    let one = try commit(1)
    let two = try commit(2)
    try repository.git().move(.branch("main"), from: .object(two), to: .object(one))
    try repository.git().move(.branch("main"), from: .object(one), to: nil)
    try repository.change().finish()
    #expect(try repository.git().target(of: .branch("main")) == nil)
    #expect(try repository.operations.list().count == 2)
  }

  private func operation(
    before: Operation.References = [:], after: Operation.References, parent: ContentDigest?
  ) -> Operation {
    Operation(
      parent: parent, time: Timestamp(secondsSince1970: 1), verb: "branch", description: "x", before: before,
      after: after)
  }
}
