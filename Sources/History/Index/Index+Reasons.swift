import Foundation
import GRDB
import Objects
public import Records

/// A decision of a commit about a record.
public struct IndexedReason: Hashable, Sendable {
  /// The commit.
  public let commit: CommitID
  /// The verb that made it.
  public let verb: String
  /// The decision; the record that was asked about is ``Reason/record`` or ``Reason/other`` of it.
  public let reason: Reason
}

extension Index {
  /// What commits decided about a record, parents before children, whether it was decided about or stayed in the place
  /// of another. Each is read from the commit's own report.
  ///
  /// - Parameter tip: only commits that this one is or follows; nil for those any reference leads to.
  public func reasons(about record: RecordID, reachableFrom tip: CommitID? = nil) throws -> [IndexedReason] {
    let tips = try tip.map { [$0] } ?? tips()
    return try database.read(
      { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT commits.id, chunk FROM reasons JOIN commits ON commits.number = commit_number
            WHERE batch = ? AND record_row = ? ORDER BY commit_number, chunk
            """, arguments: [Data(record.batch.data), Int64(record.row)]
        ).flatMap { row in
          let (data, chunk): (Data, Int) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
          guard let commit = CommitID(bytes: data) else {
            throw IndexDisagrees(reason: "it names an impossible commit")
          }
          guard try isReached(commit, from: tips, database) else { return [IndexedReason]() }
          return try reasons(about: record, in: commit, chunk: chunk)
        }
      }, rebuild: fill)
  }

  private func reasons(about record: RecordID, in commit: CommitID, chunk: Int) throws -> [IndexedReason] {
    guard let id = try Repository.dataset(of: commit, in: git).report else {
      throw IndexDisagrees(reason: "the commit \(commit) has no report")
    }
    let report = try Report(parsing: store.read(id, .report))
    guard report.reasons.indices.contains(chunk) else {
      throw IndexDisagrees(reason: "the report of commit \(commit) is shorter")
    }
    let found = try Reasons(parsing: store.read(report.reasons[chunk], .reasons)).list.filter {
      $0.record == record || $0.other == record
    }
    if found.isEmpty {
      throw IndexDisagrees(reason: "it did not agree with the report of commit \(commit)")
    }
    return found.map { IndexedReason(commit: commit, verb: report.verb, reason: $0) }
  }

  /// Takes in which records a commit's report speaks of.
  func add(report id: ObjectID, of commit: Int64, _ database: Database) throws {
    let insert = try database.makeStatement(sql: "INSERT OR IGNORE INTO reasons VALUES (?, ?, ?, ?)")
    let report = try Report(parsing: store.read(id, .report))
    for (chunk, id) in report.reasons.enumerated() {
      for reason in try Reasons(parsing: store.read(id, .reasons)).list {
        for record in [reason.record, reason.other].compactMap({ $0 }) {
          try insert.execute(arguments: [Data(record.batch.data), Int64(record.row), commit, chunk])
        }
      }
    }
  }
}
