import Foundation
import GRDB
import Objects
public import Records

/// A row that has a value in a column.
public struct KeyMatch: Hashable, Sendable {
  /// The record the row belongs to.
  public let record: RecordID
  /// The row: of an import the record itself, of an edit the row of the edit's batch.
  public let origin: RecordID
}

extension Index {
  /// The records with one of `values` in a column, at the value's place; a record's row counts whether or not a
  /// later edit replaced it, so compare a match's origin with the entry in the version at hand.
  ///
  /// The column is indexed when it is first asked for and kept up with later batches. Values are canonical JSON;
  /// each match is checked against the batch itself.
  public func records(column name: String, values: [[UInt8]]) throws -> [[KeyMatch]] {
    try database.write(
      { database in
        let column = try self.column(name, database)
        try index(column: column, name: name, database)
        let look = try database.makeStatement(
          sql: "SELECT batch, origin_row, record FROM key_values WHERE column_number = ? AND hash = ?")
        var chunks = OriginsChunks(store: store)
        return try values.map { value in
          let rows = try Row.fetchAll(look, arguments: [column, Self.hash(value)])
          var matches: [KeyMatch] = []
          for row in rows {
            let match = try Self.match(row)
            if try chunks.value(of: name, at: match.origin) == value { matches.append(match) }
          }
          return matches
        }
      }, rebuild: fill)
  }

  private static func match(_ row: Row) throws -> KeyMatch {
    let (batch, number): (Data, Int64) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
    let record: Data? = try row.decode(atIndex: 2)
    guard let prefix = BatchPrefix(data: Array(batch)), let number = UInt32(exactly: number) else {
      throw IndexDisagrees(reason: "it held an impossible row")
    }
    let origin = RecordID(batch: prefix, row: number)
    guard let record else { return KeyMatch(record: origin, origin: origin) }
    guard record.count == RecordID.byteCount, let edited = BatchPrefix(data: Array(record.prefix(12))) else {
      throw IndexDisagrees(reason: "it held an impossible record")
    }
    return KeyMatch(
      record: RecordID(batch: edited, row: record.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }),
      origin: origin)
  }

  private func column(_ name: String, _ database: Database) throws -> Int64 {
    let bytes = Data(name.utf8)
    if let number = try Int64.fetchOne(
      database, sql: "SELECT number FROM key_columns WHERE name = ?", arguments: [bytes])
    {
      return number
    }
    try database.execute(sql: "INSERT INTO key_columns (name) VALUES (?)", arguments: [bytes])
    return database.lastInsertedRowID
  }

  private func index(column: Int64, name: String, _ database: Database) throws {
    let missing = try Data.fetchAll(
      database,
      sql: """
        SELECT id FROM batches
        WHERE prefix NOT IN (SELECT batch FROM key_batches WHERE column_number = ?) ORDER BY commit_number, prefix
        """, arguments: [column])
    guard !missing.isEmpty else { return }
    let insert = try database.makeStatement(sql: "INSERT INTO key_values VALUES (?, ?, ?, ?, ?)")
    let done = try database.makeStatement(sql: "INSERT INTO key_batches VALUES (?, ?)")
    for data in missing {
      guard let id = ObjectID(bytes: data) else {
        throw IndexDisagrees(reason: "it held an impossible batch")
      }
      let prefix = Data(BatchPrefix(of: id).data)
      for object in try Batch(parsing: try store.read(id, .batch)).origins {
        let chunk = try OriginsChunk(parsing: try store.read(object, .origins))
        guard let position = chunk.column(named: name) else { continue }
        for offset in 0..<chunk.count {
          guard let value = chunk.value(ofColumn: position, at: offset) else { continue }
          let record = chunk.editedRecord(at: offset).map { record in
            Data(record.batch.data + withUnsafeBytes(of: record.row.bigEndian, Array.init))
          }
          try insert.execute(
            arguments: [column, Self.hash(chunk.bytes[value]), prefix, Int64(chunk.first + offset), record])
        }
      }
      try done.execute(arguments: [column, prefix])
    }
  }

  /// FNV-1a (Fowler, Noll, Vo): matches are verified, so speed counts and not strength.
  private static func hash(_ value: some Collection<UInt8>) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in value { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int64(bitPattern: hash)
  }
}

/// Reads values of rows, keeping the last chunk: neighbours share it.
private struct OriginsChunks {
  let store: ObjectStore
  private var batches: [BatchPrefix: Batch] = [:]
  private var last: (id: ObjectID, chunk: OriginsChunk)?

  init(store: ObjectStore) { self.store = store }

  /// The canonical value of a column at a row, or nil when the row has none.
  mutating func value(of column: String, at row: RecordID) throws -> [UInt8]? {
    guard let batch = try batch(row.batch), let (id, _) = batch.origins(ofRow: Int(row.row)) else {
      return nil
    }
    let chunk: OriginsChunk
    if let last, last.id == id {
      chunk = last.chunk
    } else {
      chunk = try OriginsChunk(parsing: try store.read(id, .origins))
      last = (id, chunk)
    }
    guard let position = chunk.column(named: column), let offset = chunk.offset(ofRow: Int(row.row)),
      let value = chunk.value(ofColumn: position, at: offset)
    else { return nil }
    return Array(chunk.bytes[value])
  }

  private mutating func batch(_ prefix: BatchPrefix) throws -> Batch? {
    if let known = batches[prefix] { return known }
    guard let id = try store.batch(prefix) else { return nil }
    let batch = try Batch(parsing: try store.read(id, .batch))
    batches[prefix] = batch
    return batch
  }
}
