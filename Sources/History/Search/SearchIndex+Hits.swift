import Foundation
import GRDB
import Objects
public import Records

/// A pair of a version in which what was looked for is found.
public struct SearchHit: Sendable {
  /// The pair.
  public let pair: ObjectID
  /// The records of the version that have it, in order.
  public let records: [RecordID]
  /// Where it was found.
  public let snippets: [SearchSnippet]
}

extension SearchIndex {
  /// The pairs of a snapshot that match, the best first (BM25 over all pairs that were taken in; among equal ones by
  /// id). The snapshot must have been taken in by ``catchUp(to:progress:)``.
  ///
  /// - Parameter limit: at most this many.
  public func hits(_ expression: SearchExpression, in snapshot: ObjectID, limit: Int) throws -> [SearchHit] {
    let probe = try SearchProbe(expression)
    return try translating {
      try database.healing(
        { try catchUp(to: snapshot) }, { try find(expression, probe, in: snapshot, limit: limit) })
    }
  }

  /// Candidates looked up one by one in the snapshot before all of its pairs are read instead.
  private static let mostLookups = 16_384

  private func find(
    _ expression: SearchExpression, _ probe: SearchProbe, in snapshot: ObjectID, limit: Int
  ) throws -> [SearchHit] {
    let reader = try ObjectReader(store)
    var filter = VersionFilter(tree(snapshot))
    var hits: [SearchHit] = []
    try database.readOnce { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT pairs.number, pairs.id FROM texts JOIN pairs ON pairs.number = texts.rowid
          WHERE texts MATCH ? ORDER BY texts.rank, pairs.id
          """, arguments: [expression.match])
      var examined = 0
      var size = max(64, limit * 2)
      while hits.count < limit {
        var candidates: [(number: Int64, id: ObjectID)] = []
        while candidates.count < size, let row = try rows.next() {
          guard let id = ObjectID(bytes: try row.decode(Data.self, atIndex: 1)) else {
            throw IndexDisagrees(reason: "it held an impossible pair")
          }
          candidates.append((try row.decode(atIndex: 0), id))
        }
        if candidates.isEmpty { break }
        examined += candidates.count
        size = min(size * 4, 4_096)
        if examined > Self.mostLookups { try filter.readAll() }
        for (id, records) in try filter.keep(candidates, database) {
          guard let snippets = try probe.snippets(SearchTexts(id, reader)) else { continue }
          hits.append(SearchHit(pair: id, records: records, snippets: snippets))
          if hits.count == limit { break }
        }
      }
    }
    return hits
  }
}

/// Leaves of pairs those that a version has, with their records.
private struct VersionFilter {
  private let tree: SnapshotTree
  private var all: Set<ObjectID>?

  init(_ tree: SnapshotTree) { self.tree = tree }

  /// Reads which pairs the version has: for questions whose best answers are in other versions.
  mutating func readAll() throws {
    guard all == nil else { return }
    var found: Set<ObjectID> = []
    var entries = tree.entries()
    while let leaf = try entries.nextLeaf() { for entry in leaf { found.insert(entry.object) } }
    all = found
  }

  /// Looks up in the version the records that ever had one of the pairs. Keeps the order of the candidates.
  func keep(
    _ candidates: [(number: Int64, id: ObjectID)], _ database: Database
  ) throws -> [(id: ObjectID, records: [RecordID])] {
    let places = try database.cachedStatement(
      sql: "SELECT prefix, record_row FROM places JOIN batches ON batches.number = batch WHERE pair = ?")
    let wanted = candidates.filter { all?.contains($0.id) ?? true }
    var keys: Set<RecordID> = []
    for candidate in wanted {
      for row in try Row.fetchAll(places, arguments: [candidate.number]) {
        let prefix: Data = try row.decode(atIndex: 0)
        guard let batch = BatchPrefix(data: Array(prefix)),
          let number = UInt32(exactly: try row.decode(Int64.self, atIndex: 1))
        else { throw IndexDisagrees(reason: "it held an impossible record") }
        keys.insert(RecordID(batch: batch, row: number))
      }
    }
    var records: [ObjectID: [RecordID]] = [:]
    for entry in try tree.entries(for: keys.sorted()) {
      if let entry { records[entry.object, default: []].append(entry.key) }
    }
    return wanted.compactMap { candidate in records[candidate.id].map { (candidate.id, $0) } }
  }
}
