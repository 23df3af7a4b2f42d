import Foundation
import GRDB
import Objects
public import Records

/// A row that may have a value in a column.
public struct KeyMatch: Hashable, Sendable {
  /// The record the row belongs to.
  public let record: RecordID
  /// The row: of an import the record itself, of an edit the row of the edit's batch.
  public let origin: RecordID
}

extension Index {
  /// The records that may have one of `values` in a column, at the value's place; a record's row counts whether or
  /// not a later edit replaced it, so compare a match's origin with the entry in the version at hand, and the row's
  /// value with the one looked for: the index compares hashes.
  ///
  /// The column is indexed when it is first asked for and kept up with later batches. Values are canonical JSON.
  public func records(column name: String, values: [[UInt8]]) throws -> [[KeyMatch]] {
    try database.write(
      { database in
        let column = try self.column(Array(name.utf8), database)
        try index(column: column, name: name, database)
        return try KeyLookup(column: column, database).matches(values.map { KeyHash.of($0) })
      }, rebuild: fill)
  }

  /// Takes over what an import collected about its rows, so that the first look-up finds it done. Batches that no
  /// commit holds, and those that are known already, are left out.
  func add(_ keys: BatchKeys, of batch: BatchPrefix, _ database: Database) throws {
    let prefix = Data(batch.data)
    guard
      try Int.fetchOne(database, sql: "SELECT row_count FROM batches WHERE prefix = ?", arguments: [prefix])
        == keys.columns.first?.hashes.count
    else { return }
    for column in keys.columns where column.hashes.count >= KeyPages.leastRows {
      let number = try self.column(column.name, database)
      let isKnown = try Int.fetchOne(
        database, sql: "SELECT 1 FROM key_batches WHERE column_number = ? AND batch = ?",
        arguments: [number, prefix])
      if isKnown != nil { continue }
      let rows = column.hashes.enumerated().lazy.map { (hash: $0.element, row: UInt32($0.offset + 1)) }
      try insert(KeyPages(rows), column: number, batch: prefix, database)
    }
  }

  private func column(_ name: [UInt8], _ database: Database) throws -> Int64 {
    if let number = try Int64.fetchOne(
      database, sql: "SELECT number FROM key_columns WHERE name = ?", arguments: [Data(name)])
    {
      return number
    }
    try database.execute(sql: "INSERT INTO key_columns (name) VALUES (?)", arguments: [Data(name)])
    return database.lastInsertedRowID
  }

  private func index(column: Int64, name: String, _ database: Database) throws {
    let missing = try Data.fetchAll(
      database,
      sql: """
        SELECT id FROM batches
        WHERE prefix NOT IN (SELECT batch FROM key_batches WHERE column_number = ?) ORDER BY commit_number, prefix
        """, arguments: [column])
    for data in missing {
      guard let id = ObjectID(bytes: data) else {
        throw IndexDisagrees(reason: "it held an impossible batch")
      }
      let batch = try Batch(parsing: try store.read(id, .batch))
      try index(batch, Data(BatchPrefix(of: id).data), column: column, name: name, database)
    }
  }

  /// - Parameter first: the number of the first page, when pages are needed; nil for the next free one.
  func index(
    _ batch: Batch, _ prefix: Data, column: Int64, name: String, _ database: Database,
    firstPage first: Int64? = nil
  ) throws {
    let isPaged = batch.origin == .imported && batch.rows >= KeyPages.leastRows
    let insert = try database.makeStatement(sql: "INSERT INTO key_values VALUES (?, ?, ?, ?, ?)")
    var rows: [(hash: UInt64, row: UInt32)] = []
    for object in batch.origins {
      let chunk = try OriginsChunk(parsing: try store.read(object, .origins))
      guard let position = chunk.column(named: name) else { continue }
      for offset in 0..<chunk.count {
        guard let value = chunk.value(ofColumn: position, at: offset) else { continue }
        let hash = chunk.bytes.withUnsafeBytes { KeyHash.of(UnsafeRawBufferPointer(rebasing: $0[value])) }
        if isPaged {
          rows.append((hash, UInt32(truncatingIfNeeded: chunk.first + offset)))
        } else {
          let record = chunk.editedRecord(at: offset).map { record in
            Data(record.batch.data + withUnsafeBytes(of: record.row.bigEndian, Array.init))
          }
          try insert.execute(
            arguments: [column, Int64(bitPattern: hash), prefix, Int64(chunk.first + offset), record])
        }
      }
    }
    if isPaged {
      try self.insert(KeyPages(rows), column: column, batch: prefix, database, firstPage: first)
    } else {
      try database.execute(
        sql: "INSERT INTO key_batches (column_number, batch) VALUES (?, ?)", arguments: [column, prefix])
    }
  }

  private func insert(
    _ keys: KeyPages, column: Int64, batch: Data, _ database: Database, firstPage: Int64? = nil
  ) throws {
    let first =
      try firstPage ?? Int64.fetchOne(database, sql: "SELECT ifnull(max(number) + 1, 0) FROM key_pages") ?? 0
    let insert = try database.makeStatement(sql: "INSERT INTO key_pages VALUES (?, ?)")
    for (offset, page) in keys.pages.enumerated() {
      try insert.execute(arguments: [first + Int64(offset), page])
    }
    try database.execute(
      sql: "INSERT INTO key_batches VALUES (?, ?, ?, ?)", arguments: [column, batch, first, keys.bits])
  }
}

/// Looks hashes up in one column: all of them in one statement, since starting one costs more than what it finds.
private struct KeyLookup {
  private struct PagedBatch {
    let prefix: BatchPrefix
    let firstPage: Int64
    let bits: Int
  }

  private let column: Int64
  private let database: Database
  private let paged: [PagedBatch]

  init(column: Int64, _ database: Database) throws {
    self.column = column
    self.database = database
    paged = try Row.fetchAll(
      database,
      sql:
        "SELECT batch, first_page, page_bits FROM key_batches WHERE column_number = ? AND first_page IS NOT NULL",
      arguments: [column]
    ).map { row in
      let (batch, first): (Data, Int64) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
      let bits: Int = try row.decode(atIndex: 2)
      guard let prefix = BatchPrefix(data: Array(batch)), (0...32).contains(bits), first >= 0, first < 1 << 40
      else { throw IndexDisagrees(reason: "it held an impossible page") }
      return PagedBatch(prefix: prefix, firstPage: first, bits: bits)
    }
  }

  /// The rows that may have each hash.
  func matches(_ hashes: [UInt64]) throws -> [[KeyMatch]] {
    var matches = [[KeyMatch]](repeating: [], count: hashes.count)
    for batch in paged { try look(in: batch, for: hashes, &matches) }
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT wanted.key, batch, origin_row, record
        FROM json_each(?) AS wanted CROSS JOIN key_values ON column_number = ? AND hash = wanted.value
        """, arguments: [Self.json(hashes.map { Int64(bitPattern: $0) }), column])
    while let row = try rows.next() {
      let position: Int = try row.decode(atIndex: 0)
      guard matches.indices.contains(position) else { throw IndexDisagrees(reason: "a look-up went astray") }
      matches[position].append(try Self.match(row))
    }
    return matches
  }

  private func look(in batch: PagedBatch, for hashes: [UInt64], _ matches: inout [[KeyMatch]]) throws {
    let pages = hashes.map { batch.firstPage + Int64(KeyPages.page(of: $0, bits: batch.bits)) }
    let rows = try Row.fetchCursor(
      database,
      sql:
        "SELECT wanted.key, entries FROM json_each(?) AS wanted CROSS JOIN key_pages ON number = wanted.value",
      arguments: [Self.json(pages)])
    var found = 0
    while let row = try rows.next() {
      let (position, entries): (Int, Data) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
      guard hashes.indices.contains(position), let rows = KeyPages.rows(with: hashes[position], in: entries)
      else { throw IndexDisagrees(reason: "a page of keys was damaged") }
      found += 1
      for row in rows {
        let record = RecordID(batch: batch.prefix, row: row)
        matches[position].append(KeyMatch(record: record, origin: record))
      }
    }
    guard found == hashes.count else { throw IndexDisagrees(reason: "a page of keys was missing") }
  }

  private static func json(_ numbers: [Int64]) -> String {
    "[" + numbers.lazy.map(String.init).joined(separator: ",") + "]"
  }

  private static func match(_ row: Row) throws -> KeyMatch {
    let (batch, number): (Data, Int64) = (try row.decode(atIndex: 1), try row.decode(atIndex: 2))
    let record: Data? = try row.decode(atIndex: 3)
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
}
