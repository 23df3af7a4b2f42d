import Foundation
import GRDB
import Objects
public import Records

/// Look-ups that history alone answers only by scanning: which commits changed a record, which runs saw it, which
/// records have a value in a column. A cache in SQLite: deleted, damaged or stale, it is brought up to date from
/// history and objects. Made by ``Repository/index()``.
public final class Index: Sendable {
  let database: IndexDatabase
  let store: ObjectStore
  let git: GitRepository
  let operations: OperationLog

  init(path: String, store: ObjectStore, git: GitRepository, operations: OperationLog) {
    database = IndexDatabase(path: path)
    self.store = store
    self.git = git
    self.operations = operations
  }

  /// What happened to the index since it was opened; empty as a rule.
  public var notices: [IndexNotice] { database.notices }

  /// Deletes the index and builds it from history and objects.
  public func rebuild() throws {
    try database.delete()
    try fill()
  }

  /// How many rows each table has, by name.
  func rowCounts() throws -> [(table: String, rows: Int)] {
    try read { database in
      let tables = try String.fetchAll(
        database,
        sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      return try tables.map { table in
        (table, try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\(table)\"") ?? 0)
      }
    }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try database.read(body, rebuild: fill)
  }
}

/// A batch as the index knows it.
public struct IndexedBatch: Hashable, Sendable {
  /// The batch object.
  public let id: ObjectID
  /// The first commit that held it.
  public let commit: CommitID
  /// The number of its rows.
  public let rows: Int
  /// The name of the file it came from, when it came from one.
  public let source: String?

  /// The part of its id that record ids hold.
  public var prefix: BatchPrefix { BatchPrefix(of: id) }
}

extension BatchPrefix {
  var data: [UInt8] {
    withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: low.bigEndian, Array.init)
  }

  init?(data: [UInt8]) {
    guard data.count == Self.byteCount else { return nil }
    self.init(
      high: data[..<8].reduce(0) { $0 << 8 | UInt64($1) }, low: data[8...].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
