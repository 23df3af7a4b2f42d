import History
import Objects
import Records

/// The rows of one file that edit records or add some, as batches: one for all rows of which the same is said.
///
/// An edited row keeps its columns, and what they mean was said by the batch that they came from. Records of batches
/// that say different things are therefore edited in different batches, and each knows as much as it did before.
final class EditBatches {
  /// Rows of which the same is said.
  private final class Group {
    let batch: EditBatch
    let facts: RowFacts
    /// The record that each row edits; nil for a new one.
    var records: [RecordID?] = []

    init(_ batch: EditBatch, _ facts: RowFacts) { (self.batch, self.facts) = (batch, facts) }
  }

  private let writer: PackWriter
  private let threads: Int
  /// What the command line says: it holds for all rows.
  private let given: RowFacts
  private let recipe: JSONValue?
  private var groups: [Group] = []
  private var places: [[UInt8]: Int] = [:]
  /// The group of rows that inherit from a batch; of none, those of new rows.
  private var known: [BatchPrefix?: Int] = [:]

  init(_ writer: PackWriter, threads: Int, _ facts: BatchFacts) throws {
    self.writer = writer
    self.threads = threads
    given = try facts.rowFacts(storing: writer)
    recipe = facts.notes
  }

  /// Adds a row that edits a record whose columns came from `batch`, or a new row.
  func append(_ row: EditBatch.Row, of batch: (prefix: BatchPrefix, batch: Batch)?) throws {
    let group = group(of: batch)
    try group.batch.append(row)
    group.records.append(row.edits)
  }

  /// Stores the batches, in the order of their first rows.
  func finish(_ source: Batch.Source, layout: Layout) throws -> (
    batches: [SnapshotChange.NewBatch], edits: [TreeEdit]
  ) {
    var batches: [SnapshotChange.NewBatch] = []
    var edits: [TreeEdit] = []
    for group in groups {
      let made = try group.batch.finish(group.facts, source: source, layout: layout, recipe: recipe)
      batches.append(SnapshotChange.NewBatch(id: made.id, batch: made.batch, format: layout.format))
      let prefix = BatchPrefix(of: made.id)
      for (position, record) in group.records.enumerated() {
        let origin = RecordID(batch: prefix, row: UInt32(position + 1))
        edits.append(.put(TreeEntry(key: record ?? origin, object: made.pairs[position], origin: origin)))
      }
    }
    return (batches, edits)
  }

  private func group(of batch: (prefix: BatchPrefix, batch: Batch)?) -> Group {
    if let place = known[batch?.prefix] { return groups[place] }
    let facts = batch.map { given.completed(by: RowFacts(inheritedFrom: $0.batch)) } ?? given
    let spelling = facts.spelling
    let place = places[spelling] ?? groups.count
    if place == groups.count { groups.append(Group(EditBatch(writer, threads: threads), facts)) }
    places[spelling] = place
    known[batch?.prefix] = place
    return groups[place]
  }
}

extension RowFacts {
  /// One spelling, so that facts are the same when their bytes are: texts that Swift calls equal can differ.
  fileprivate var spelling: [UInt8] {
    var batch = Batch(origin: .edited, rows: 0, pairs: BatchFacts.digest(of: []), origins: [])
    batch.say(self)
    return batch.canonicalBytes
  }
}
