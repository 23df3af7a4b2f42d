import GRDB
import Glibc
import Objects
import Records
import Testing

@testable import History

@Suite struct IndexDamageTests {
  let folder: TemporaryFolder
  let repository: Repository
  let commit: CommitID
  let record = RecordID(batch: batch(1), row: 7)
  let files = POSIXFileSystem()

  init() throws {
    folder = try TemporaryFolder()
    repository = try Repository.make(in: folder)
    let transaction = try repository.change()
    commit = try transaction.commit(imported(batch(1), rows: 30), parents: [], message: "one")
    try transaction.finish()
  }

  /// The index as a file on its own, without the log SQLite keeps beside it.
  private func settledBytes() throws -> [UInt8] {
    // The last to close the file puts the log into it.
    try repository.index().database.close()
    return try files.contents(of: repository.path + "/index.sqlite", limit: 1 << 24)
  }

  private func replace(_ bytes: [UInt8]) throws {
    for suffix in ["", "-wal", "-shm"] { unlink(repository.path + "/index.sqlite" + suffix) }
    try files.replaceAtomically(repository.path + "/index.sqlite", with: bytes)
  }

  private func expectHealed() throws {
    let index = try repository.reopened().index()
    #expect(try index.changes(of: record) == [IndexedChange(commit: commit, kind: .added)])
  }

  @Test func `cut, emptied and overwritten files are built again`() throws {
    let bytes = try settledBytes()
    for length in [0, 1, 15, 100, 4_095, 4_096, bytes.count / 2, bytes.count - 1] {
      try replace(Array(bytes.prefix(length)))
      try expectHealed()
    }
    try replace(Array("not a database, but long enough to look like one".utf8) + bytes.dropFirst(48))
    try expectHealed()
    for page in stride(from: 0, to: bytes.count, by: 4_096) {
      var damaged = bytes
      for position in page..<min(page + 4_096, bytes.count) { damaged[position] = 0 }
      try replace(damaged)
      try expectHealed()
    }
  }

  /// SQLite itself finds few of these: most leave a page that is well formed and says something else.
  @Test func `every changed byte of every page is found when the page is read`() throws {
    let bytes = try settledBytes()
    #expect(bytes.count % 4_096 == 0 && bytes[20] == 8, "a page ends with 8 bytes of check")
    try expectHealed()
    func isFound(_ damaged: [UInt8]) throws -> Bool {
      try replace(damaged)
      do {
        let database = try DatabaseQueue(path: repository.path + "/index.sqlite")
        defer { try? database.close() }
        _ = try database.read { try Row.fetchAll($0, sql: "PRAGMA integrity_check") }
        return false
      } catch let error as DatabaseError {
        return error.extendedResultCode == .SQLITE_IOERR_DATA || error.resultCode == .SQLITE_NOTADB
      }
    }
    #expect(try !isFound(bytes))
    for position in stride(from: 100, to: bytes.count, by: 211) {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8(position % 8)
      #expect(try isFound(damaged), "byte \(position)")
    }
    #expect(bytes.count > 10 * 4_096)
    // Two pages that are whole, each in the other's place.
    let pages = bytes.count / 4_096
    var exchanged = bytes
    for offset in 0..<4_096 { exchanged.swapAt(4_096 + offset, (pages - 1) * 4_096 + offset) }
    #expect(try isFound(exchanged))
  }

  @Test func `another version's index is built again and says so`() throws {
    let index = try repository.index()
    try index.database.writeOnce { try $0.execute(sql: "PRAGMA user_version = 99") }
    let reopened = try repository.reopened().index()
    #expect(try reopened.changes(of: record).count == 1)
    #expect(reopened.notices == [.rebuilt("another version of mdata wrote it")])
  }

  @Test(arguments: [
    "UPDATE changes SET kind = 2", "UPDATE changes SET kind = 77", "UPDATE commits SET id = x'00'",
    "UPDATE commits SET id = x'0102030405060708090a0b0c0d0e0f1011121314'", "DROP TABLE changes",
    "UPDATE stamp SET tips = x'01'", "DELETE FROM stamp",
  ])
  func `a lie in the index is found and the index built again`(lie: String) throws {
    let index = try repository.index()
    try index.database.writeOnce { try $0.execute(sql: lie) }
    let reopened = try repository.reopened().index()
    #expect(try reopened.changes(of: record) == [IndexedChange(commit: commit, kind: .added)])
    #expect(reopened.notices.count == 1)
  }
}
