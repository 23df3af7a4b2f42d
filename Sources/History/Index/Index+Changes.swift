import Foundation
import GRDB
public import Records

/// A commit that changed a record.
public struct IndexedChange: Hashable, Sendable {
  /// The commit.
  public let commit: CommitID
  /// What it did.
  public let kind: RecordDelta.Kind
}

extension Index {
  /// The commits that added, edited and removed a record, parents before children; of a merge only when it differs
  /// from all its parents. Each is checked against the commit's own tree.
  ///
  /// - Parameter tip: only commits that this one is or follows; nil for those any reference leads to.
  public func changes(of record: RecordID, reachableFrom tip: CommitID? = nil) throws -> [IndexedChange] {
    let tips = try tip.map { [$0] } ?? tips()
    return try database.read(
      { database in
        try Self.changes(of: record, database).filter { change in
          guard try isReached(change.commit, from: tips, database) else { return false }
          guard try kind(of: change, record) == change.kind else {
            throw IndexDisagrees(reason: "it did not agree with commit \(change.commit)")
          }
          return true
        }
      }, rebuild: fill)
  }

  /// Whether one of the tips is a commit or follows it. One that was undone may have lost its trees to a collection: it
  /// is not asked.
  func isReached(_ commit: CommitID, from tips: [CommitID], _ database: Database) throws -> Bool {
    guard try git.commitIfPresent(commit) != nil else {
      throw IndexDisagrees(reason: "history does not have commit \(commit)")
    }
    let chains = CommitChains(database)
    return try tips.contains { tip in
      try chains.follows(tip, commit) ?? git.isAncestor(commit, of: tip)
    }
  }

  private static func changes(of record: RecordID, _ database: Database) throws -> [IndexedChange] {
    let batch = Data(record.batch.data)
    let row = Int64(record.row)
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT commits.id, kind FROM (
          SELECT commit_number, kind FROM changes WHERE batch = ? AND record_row = ?
          UNION ALL
          SELECT commit_number, kind FROM change_ranges WHERE batch = ? AND first_row <= ? AND last_row >= ?
        ) JOIN commits ON commits.number = commit_number ORDER BY commit_number
        """, arguments: [batch, row, batch, row, row])
    return try rows.map { row in
      let data: Data = try row.decode(forColumn: "id")
      let code: Int64 = try row.decode(forColumn: "kind")
      guard let id = CommitID(bytes: data), let kind = UInt8(exactly: code).flatMap(RecordDelta.Kind.init)
      else {
        throw IndexDisagrees(reason: "it held an impossible change")
      }
      return IndexedChange(commit: id, kind: kind)
    }
  }

  /// What a commit really did to a record; nil for nothing, and for a commit that history does not have.
  private func kind(of change: IndexedChange, _ record: RecordID) throws -> RecordDelta.Kind? {
    guard let commit = try git.commitIfPresent(change.commit) else { return nil }
    let new = try tree(try Repository.dataset(of: commit.id, in: git).snapshot).entry(for: record)
    var wasThere = false
    for parent in commit.parents {
      let old = try tree(try Repository.dataset(of: parent, in: git).snapshot).entry(for: record)
      if old == new { return nil }
      if old != nil { wasThere = true }
    }
    if commit.parents.isEmpty && new == nil { return nil }
    return new == nil ? .removed : wasThere ? .edited : .added
  }
}
