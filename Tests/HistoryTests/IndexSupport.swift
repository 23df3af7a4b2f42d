import Objects
import Records

@testable import History

extension Transaction {
  /// Adds a batch whose rows have a column `id` with the values `prefix` and the row number.
  func batch(
    rows: Int, idPrefix: String, edits: [RecordID] = [], source: String? = nil
  ) throws -> (id: ObjectID, prefix: BatchPrefix) {
    var origins: [ObjectID] = []
    for first in stride(from: 1, through: rows, by: Batch.standardChunk) {
      var chunk = OriginsBuilder(first: first)
      for row in first..<min(first + Batch.standardChunk, rows + 1) {
        chunk.appendRow()
        chunk.column(Array("id".utf8), value: Array("\"\(idPrefix)\(row)\"".utf8))
        if edits.indices.contains(row - 1) { chunk.edits(edits[row - 1]) }
      }
      origins.append(try pack.add(.origins, chunk.finish()))
    }
    let name = source.map { Batch.Source(name: $0, bytes: 1, sha256: ContentDigest(object(1))) }
    let batch = Batch(
      origin: edits.isEmpty ? .imported : .edited, rows: rows, pairs: ContentDigest(object(rows)),
      origins: origins,
      source: name)
    let id = try pack.add(.batch, batch.canonicalBytes)
    return (id, BatchPrefix(of: id))
  }
}

/// A repository whose history is random, and what each commit holds.
struct RandomHistory {
  let repository: Repository
  private(set) var versions: [(id: CommitID, parents: [Int], entries: [RecordID: TreeEntry])] = []
  private var generator: SplitMix64
  private var batches: [TreeEntry] = []

  init(in repository: Repository, seed: UInt64) {
    self.repository = repository
    generator = SplitMix64(seed: seed)
  }

  /// Commits an import, edits, removals or a merge on a branch of its own.
  mutating func grow() throws {
    let transaction = try repository.change(at: 1_700_000_000 + Int64(versions.count))
    var parents: [Int] = []
    if !versions.isEmpty {
      parents = [Int.random(in: 0..<versions.count, using: &generator)]
      if Int.random(in: 0..<3, using: &generator) == 0 {
        parents = Array(Set(parents + [Int.random(in: 0..<versions.count, using: &generator)])).sorted()
      }
    }
    var entries: [RecordID: TreeEntry] = [:]
    for parent in parents.reversed() { entries.merge(versions[parent].entries) { _, new in new } }
    if versions.isEmpty || Int.random(in: 0..<3, using: &generator) == 0 {
      let rows = [3, 70, 700][Int.random(in: 0..<3, using: &generator)]
      let (id, prefix) = try transaction.batch(rows: rows, idPrefix: "\(versions.count)-", source: "a.jsonl")
      batches.append(BatchOrder.entry(time: transaction.time, batch: id))
      for entry in imported(prefix, rows: rows) { entries[entry.key] = entry }
    }
    for key in entries.keys.sorted() where Int.random(in: 0..<150, using: &generator) == 0 {
      let isRemoved = Bool.random(using: &generator)
      entries[key] =
        isRemoved ? nil : TreeEntry(key: key, object: object(Int.random(in: 200..<210, using: &generator)))
    }
    let root = try transaction.build(sorted: entries.values.sorted { $0.key < $1.key })
    let order = try transaction.build(sorted: batches.sorted { $0.key < $1.key })
    let id = try transaction.commit(
      Dataset(snapshot: root.id, records: root.count, batches: order.id, batchCount: order.count),
      parents: parents.map { versions[$0].id }, message: "\(versions.count)",
      moving: .branch("b\(versions.count)"))
    try transaction.finish()
    versions.append((id, parents, entries))
  }

  /// All records there ever were.
  var records: [RecordID] { Set(versions.flatMap(\.entries.keys)).sorted() }

  /// What the commits did to a record, by scanning all of history.
  func changes(of record: RecordID) -> [CommitID: RecordDelta.Kind] {
    var found: [CommitID: RecordDelta.Kind] = [:]
    for version in versions {
      let new = version.entries[record]
      let old = version.parents.map { versions[$0].entries[record] }
      guard old.isEmpty ? new != nil : old.allSatisfy({ $0 != new }) else { continue }
      found[version.id] = new == nil ? .removed : old.contains { $0 != nil } ? .edited : .added
    }
    return found
  }
}
