import Foundation
import GRDB
import Records

/// Writes one commit's changes: long runs of consecutive rows as one range, the others row by row.
struct ChangeRecorder {
  /// The shortest run that is kept as a range.
  static let shortestRange = 64

  private let commit: Int64
  private let row: Statement
  private let range: Statement
  private var run: (rows: RowRange, kind: RecordDelta.Kind)?

  init(commit: Int64, _ database: Database) throws {
    self.commit = commit
    row = try database.makeStatement(sql: "INSERT INTO changes VALUES (?, ?, ?, ?)")
    range = try database.makeStatement(
      sql:
        "INSERT INTO change_ranges (batch, first_row, last_row, commit_number, kind) VALUES (?, ?, ?, ?, ?)")
  }

  /// Records what a commit with at most one parent changed.
  mutating func record(_ diff: TreeDiff) throws {
    var diff = diff
    while let change = try diff.nextChange() {
      switch change {
      case .record(let delta): try record(delta.record, delta.kind)
      case .added(let subtree): try subtree.forEachRange { try record($0, .added) }
      case .removed(let subtree): try subtree.forEachRange { try record($0, .removed) }
      }
    }
  }

  /// Records what a merge changed itself: the records that differ from every parent. What came from one side
  /// is recorded with the commits of that side.
  mutating func record(mergeOf parents: [SnapshotTree], into new: SnapshotTree) throws {
    var diffs = parents.map { $0.diff(to: new) }
    var heads: [RecordDelta] = []
    for position in diffs.indices {
      guard let delta = try diffs[position].next() else { return }
      heads.append(delta)
    }
    while let furthest = heads.map(\.record).max() {
      if heads.allSatisfy({ $0.record == furthest }) {
        let wasThere = heads.contains { $0.old != nil }
        try record(furthest, heads[0].new == nil ? .removed : wasThere ? .edited : .added)
      }
      let isShared = heads.allSatisfy { $0.record == furthest }
      for position in heads.indices where isShared || heads[position].record < furthest {
        guard let delta = try diffs[position].next() else { return }
        heads[position] = delta
      }
    }
  }

  private mutating func record(_ record: RecordID, _ kind: RecordDelta.Kind) throws {
    try self.record(RowRange(batch: record.batch, first: record.row, last: record.row), kind)
  }

  /// Records what happened to consecutive rows, after those before.
  mutating func record(_ rows: RowRange, _ kind: RecordDelta.Kind) throws {
    if let (open, openKind) = run, openKind == kind, open.batch == rows.batch, open.last + 1 == rows.first {
      run = (RowRange(batch: open.batch, first: open.first, last: rows.last), kind)
    } else {
      try finish()
      run = (rows, kind)
    }
  }

  /// Writes what is still open.
  mutating func finish() throws {
    guard let (rows, kind) = run else { return }
    run = nil
    let batch = Data(rows.batch.data)
    if rows.last - rows.first + 1 >= Self.shortestRange {
      try range.execute(
        arguments: [batch, Int64(rows.first), Int64(rows.last), commit, Int64(kind.rawValue)])
    } else {
      for number in rows.first...rows.last {
        try row.execute(arguments: [batch, Int64(number), commit, Int64(kind.rawValue)])
      }
    }
  }
}
