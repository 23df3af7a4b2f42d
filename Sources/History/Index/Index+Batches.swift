import Foundation
import GRDB
public import Records

extension Index {
  /// The batch whose id begins with `prefix`, or nil when no commit holds it.
  public func batch(_ prefix: BatchPrefix) throws -> IndexedBatch? {
    try read { try Self.batches(from: prefix, through: prefix, limit: 1, $0) }.first
  }

  /// The committed batches whose id begins with hex digits (1 to 24, in either case), in order, at most `limit`.
  public func batches(hexPrefix: String, limit: Int = 16) throws -> [IndexedBatch] {
    let digits = Array(hexPrefix.utf8)
    guard (1...2 * BatchPrefix.byteCount).contains(digits.count),
      digits.allSatisfy({ Hex.value(of: $0) != nil })
    else { return [] }
    func bound(_ filler: Character) -> BatchPrefix? {
      let text = hexPrefix + String(repeating: filler, count: 2 * BatchPrefix.byteCount - digits.count)
      return Hex.decode(text).flatMap { BatchPrefix(data: $0) }
    }
    guard let first = bound("0"), let last = bound("f") else { return [] }
    return try read { try Self.batches(from: first, through: last, limit: limit, $0) }
  }

  /// The shortest prefix of a batch's id, of at least eight digits, that no other committed batch begins with.
  public func shortPrefix(of prefix: BatchPrefix) throws -> String {
    let bytes = prefix.data
    let neighbours = try read { database in
      [
        try Data.fetchOne(
          database, sql: "SELECT prefix FROM batches WHERE prefix < ? ORDER BY prefix DESC LIMIT 1",
          arguments: [Data(bytes)]),
        try Data.fetchOne(
          database, sql: "SELECT prefix FROM batches WHERE prefix > ? ORDER BY prefix LIMIT 1",
          arguments: [Data(bytes)]),
      ]
    }
    let shared = neighbours.compactMap { $0 }.map { neighbour in
      zip(prefix.hex.utf8, Hex.encode(neighbour).utf8).prefix { $0 == $1 }.count
    }
    return String(prefix.hex.prefix(max(8, (shared.max() ?? 0) + 1)))
  }

  /// A record id as users see it: the batch's shortest unique prefix, a colon, the row.
  public func short(_ record: RecordID) throws -> String {
    "\(try shortPrefix(of: record.batch)):\(record.row)"
  }

  /// Understands a written record id: at least four hex digits that begin exactly one committed batch's id, a
  /// colon, a row number from 1.
  ///
  /// - Throws: ``HistoryError/badRecord(_:_:candidates:)`` with what may have been meant.
  public func record(_ text: String) throws -> RecordID {
    func refused(_ reason: String, _ candidates: [String] = []) -> HistoryError {
      .badRecord(text, reason, candidates: candidates)
    }
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw refused("a record id is a batch's hex digits, a colon and a row number")
    }
    guard (4...2 * BatchPrefix.byteCount).contains(parts[0].count),
      parts[0].allSatisfy({ Hex.value(of: $0) != nil })
    else { throw refused("before the colon stand 4 to 24 hex digits") }
    guard parts[1].count <= 10, parts[1].first != UInt8(ascii: "0"), parts[1].allSatisfy({ $0.isDigit }),
      let row = UInt32(String(decoding: parts[1], as: UTF8.self))
    else { throw refused("after the colon stands a row number from 1") }
    let found = try batches(hexPrefix: String(decoding: parts[0], as: UTF8.self))
    guard let batch = found.first else { throw refused("no committed batch begins with these digits") }
    guard found.count == 1 else {
      throw refused(
        "several batches begin with these digits",
        try found.map { "\(try shortPrefix(of: $0.prefix)):\(row)" })
    }
    guard Int(row) <= batch.rows else { throw refused("the batch has \(batch.rows) rows") }
    return RecordID(batch: batch.prefix, row: row)
  }

  private static func batches(
    from first: BatchPrefix, through last: BatchPrefix, limit: Int, _ database: Database
  ) throws -> [IndexedBatch] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT batches.id AS batch, commits.id AS "commit", row_count, source, prefix
        FROM batches JOIN commits ON commits.number = commit_number
        WHERE prefix BETWEEN ? AND ? ORDER BY prefix LIMIT ?
        """, arguments: [Data(first.data), Data(last.data), limit])
    return try rows.map { row in
      let (batch, commit, prefix): (Data, Data, Data) = (
        try row.decode(forColumn: "batch"), try row.decode(forColumn: "commit"),
        try row.decode(forColumn: "prefix")
      )
      guard let id = ObjectID(bytes: batch), let commit = CommitID(bytes: commit), batch.starts(with: prefix)
      else {
        throw IndexDisagrees(reason: "it held an impossible batch")
      }
      return IndexedBatch(
        id: id, commit: commit, rows: try row.decode(forColumn: "row_count"),
        source: try row.decode(forColumn: "source"))
    }
  }
}
