import Foundation
import GRDB

/// Whether one commit follows another, without walking what lies between.
///
/// Each commit stands at a position of a chain, in which each follows the one before as its first parent; the first
/// of a chain knows the commit it branched off from. Along a chain the question is one of positions, and from chain to
/// chain there are as many steps as branches were made, however long they are.
struct CommitChains {
  private struct Place {
    let number: Int64
    let chain: Int64
    let position: Int64
    /// How many merges there are from here back along first parents.
    let merges: Int64
  }

  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Enters a commit after its parents.
  func add(_ commit: GitCommit, number: Int64) throws {
    let parent = try commit.parents.first.flatMap { try place(of: $0) }
    var chain = number
    var position: Int64 = 0
    if let parent, try !isTaken(parent.chain, parent.position + 1) {
      chain = parent.chain
      position = parent.position + 1
    }
    try database.execute(
      sql: "INSERT INTO commits (number, id, chain, position, base, merges) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        number, Data(commit.id.bytes), chain, position, position == 0 ? parent?.number : nil,
        (parent?.merges ?? 0) + (commit.parents.count > 1 ? 1 : 0),
      ])
  }

  /// Whether `later` is `earlier` or follows it; nil when first parents do not lead from one to the other and a merge
  /// may.
  func follows(_ later: CommitID, _ earlier: CommitID) throws -> Bool? {
    guard let wanted = try place(of: earlier), let start = try place(of: later) else { return nil }
    var current = start
    while current.chain != wanted.chain {
      guard let base = try base(of: current.chain), base.number < current.number else {
        return start.merges == 0 ? false : nil
      }
      current = base
    }
    if wanted.position <= current.position { return true }
    return start.merges == 0 ? false : nil
  }

  private func isTaken(_ chain: Int64, _ position: Int64) throws -> Bool {
    try Int.fetchOne(
      database, sql: "SELECT 1 FROM commits WHERE chain = ? AND position = ?", arguments: [chain, position])
      != nil
  }

  private func place(of id: CommitID) throws -> Place? {
    try place(
      "SELECT number, chain, position, merges FROM commits WHERE id = ?", [Data(id.bytes)])
  }

  private func base(of chain: Int64) throws -> Place? {
    try place(
      """
      SELECT base.number, base.chain, base.position, base.merges
      FROM commits AS first JOIN commits AS base ON base.number = first.base
      WHERE first.chain = ? AND first.position = 0
      """, [chain])
  }

  private func place(_ sql: String, _ arguments: StatementArguments) throws -> Place? {
    try Row.fetchOne(database, sql: sql, arguments: arguments).map { row in
      Place(
        number: try row.decode(atIndex: 0), chain: try row.decode(atIndex: 1),
        position: try row.decode(atIndex: 2), merges: try row.decode(atIndex: 3))
    }
  }
}
