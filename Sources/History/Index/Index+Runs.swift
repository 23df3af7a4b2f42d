import Foundation
import GRDB
import Objects
public import Records

extension Index {
  /// The runs that saw a record, oldest first. Each is read and asked.
  public func runs(thatSaw record: RecordID) throws -> [(id: ObjectID, run: Run)] {
    let ids = try read { database in
      try Data.fetchAll(
        database,
        sql: """
          SELECT runs.id FROM run_rows JOIN runs ON runs.number = run_number
          WHERE batch = ? AND first_row <= ? AND last_row >= ? ORDER BY runs.number
          """, arguments: [Data(record.batch.data), Int64(record.row), Int64(record.row)])
    }
    return try ids.compactMap { try run($0) }.filter { $0.run.saw(record) }
  }

  /// All runs, oldest first.
  public func runs() throws -> [(id: ObjectID, run: Run)] {
    try read { try Data.fetchAll($0, sql: "SELECT id FROM runs ORDER BY number") }.compactMap { try run($0) }
  }

  private func run(_ data: Data) throws -> (id: ObjectID, run: Run)? {
    guard let id = ObjectID(bytes: data) else { return nil }
    return (id, try Run(parsing: try store.read(id, .run)))
  }

  /// Adds the runs that operations after the `sequence`-th made, and forgets those they took back. When that operation is no longer the one that was
  /// seen, it was dropped as interrupted: all are read again.
  func addRuns(since sequence: Int, digest: String, _ database: Database) throws {
    var first = sequence
    let new: [LoggedOperation]
    if let following = try operations.list(after: sequence, ifItBegins: digest) {
      new = following
    } else {
      try database.execute(sql: "DELETE FROM run_rows; DELETE FROM runs")
      first = 0
      new = try operations.all()
    }
    for logged in new {
      for id in logged.operation.objects { try add(run: id, operation: logged.sequence, database) }
      for id in logged.operation.removed { try remove(run: id, database) }
    }
    guard new.count > 0 || first != sequence else { return }
    let last = new.last?.sequence ?? 0
    try database.execute(
      sql: "UPDATE stamp SET operation = ?, operation_digest = ?",
      arguments: [last, new.last.map { String($0.digest.hex.prefix(16)) } ?? ""])
  }

  /// Forgets a run whose training was undone.
  func remove(run id: ObjectID, _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM run_rows WHERE run_number IN (SELECT number FROM runs WHERE id = ?)",
      arguments: [Data(id.bytes)])
    try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [Data(id.bytes)])
  }

  func add(run id: ObjectID, operation: Int, _ database: Database) throws {
    let run: Run
    do {
      guard try store.kind(of: id) == .run else { return }
      run = try Run(parsing: try store.read(id, .run))
    } catch {
      return self.database.note(.unreadableRun("\(error)"))
    }
    try database.execute(
      sql: "INSERT OR IGNORE INTO runs (id, operation) VALUES (?, ?)", arguments: [Data(id.bytes), operation])
    guard database.changesCount > 0 else { return }
    let number = database.lastInsertedRowID
    let row = try database.makeStatement(
      sql: "INSERT OR IGNORE INTO run_rows (batch, first_row, last_row, run_number) VALUES (?, ?, ?, ?)")
    for seen in run.records.seen {
      for rows in seen.rows {
        try row.execute(
          arguments: [Data(seen.batch.data), Int64(rows.lowerBound), Int64(rows.upperBound), number])
      }
    }
  }
}
