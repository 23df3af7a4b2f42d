import GRDB
import Glibc
import Objects
import Records
import Testing

@testable import History

@Suite struct IndexTests {
  let folder: TemporaryFolder
  let repository: Repository

  init() throws {
    folder = try TemporaryFolder()
    repository = try Repository.make(in: folder)
  }

  private func check(_ index: Index, _ history: RandomHistory) throws {
    for record in history.records.enumerated().filter({ $0.offset % 5 == 0 }).map(\.element) {
      let found = try index.changes(of: record)
      #expect(
        Dictionary(uniqueKeysWithValues: found.map { ($0.commit, $0.kind) }) == history.changes(of: record))
      // Parents come before children.
      for (position, change) in found.enumerated() {
        for later in found[position...] {
          #expect(try change == later || !repository.git().isAncestor(later.commit, of: change.commit))
        }
      }
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `look-ups agree with a scan of all history`(seed: UInt64) throws {
    var history = RandomHistory(in: repository, seed: seed)
    for _ in 0..<12 { try history.grow() }
    let index = try repository.index()
    try check(index, history)
    #expect(index.notices.isEmpty)

    unlink(repository.path + "/index.sqlite")
    let built = try repository.reopened().index()
    try check(built, history)
    #expect(built.notices.isEmpty)

    // What another process adds is taken in when asked for.
    var elsewhere = RandomHistory(in: try repository.reopened(), seed: seed + 100)
    try elsewhere.grow()
    try built.catchUp()
    for record in elsewhere.records.prefix(3) {
      #expect(try built.changes(of: record).map(\.kind) == [.added])
    }
  }

  @Test func `an import is one row however large`() throws {
    let transaction = try repository.change()
    let (id, prefix) = try transaction.batch(rows: 3_000, idPrefix: "r", source: "big.jsonl")
    let root = try transaction.build(sorted: imported(prefix, rows: 3_000))
    let order = try transaction.build(sorted: [BatchOrder.entry(time: transaction.time, batch: id)])
    let commit = try transaction.commit(
      Dataset(snapshot: root.id, records: 3_000, batches: order.id, batchCount: 1), parents: [], message: "m",
      moving: .head)
    try transaction.finish()
    let index = try repository.index()
    let counts = try index.read { database in
      try ["changes", "change_ranges", "batches", "commits"].map {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? -1
      }
    }
    #expect(counts == [0, 1, 1, 1])
    let expected = IndexedBatch(id: id, commit: commit, rows: 3_000, source: "big.jsonl")
    #expect(try index.batch(prefix) == expected)
    #expect(try index.batches(hexPrefix: String(prefix.hex.prefix(5)).uppercased()) == [expected])
    #expect(try index.changes(of: RecordID(batch: prefix, row: 3_000)).map(\.commit) == [commit])
    #expect(try index.changes(of: RecordID(batch: prefix, row: 3_001)).isEmpty)
  }

  @Test func `commits that no reference leads to are left out`() throws {
    let first = try repository.change()
    let one = try first.commit(imported(batch(1), rows: 5), parents: [], message: "one")
    try first.finish()
    let second = try repository.change()
    let two = try second.commit(imported(batch(1), rows: 9), parents: [one], message: "two")
    try second.finish()
    let index = try repository.index()
    let record = RecordID(batch: batch(1), row: 9)
    #expect(try index.changes(of: record).map(\.commit) == [two])
    #expect(try index.changes(of: record, reachableFrom: one).isEmpty)
    let undo = try repository.change("undo")
    try undo.restore(.branch("main"), to: .object(one))
    try undo.finish()
    #expect(try index.changes(of: record).isEmpty)
    let redo = try repository.change("undo")
    try redo.restore(.branch("main"), to: .object(two))
    try redo.finish()
    #expect(try index.changes(of: record).map(\.commit) == [two])
  }

  @Test func `SQLite's own check finds nothing in tables that hold something`() throws {
    let database = try DatabaseQueue()
    try database.write { database in
      try IndexSchema.create(in: database)
      for table in try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'stamp' ORDER BY name"
      ) {
        let columns = try Row.fetchAll(database, sql: "PRAGMA table_info(\(table))")
        let values = columns.map { ($0["type"] as String) == "INTEGER" ? "1" : "x'01'" }
          .enumerated().map { (columns[$0.offset]["type"] as String) == "TEXT" ? "'a'" : $0.element }
        try database.execute(sql: "INSERT INTO \(table) VALUES (\(values.joined(separator: ", ")))")
      }
      #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
    }
  }
}
