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
    let facts: RowFacts
    var rows: [EditBatch.Row] = []

    init(_ facts: RowFacts) { self.facts = facts }
  }

  private let writer: PackWriter
  private let threads: Int
  /// What the command line says: it holds for all rows.
  private let given: RowFacts
  private let recipe: JSONValue?
  private let isTaken: (TreeEntry) throws -> Bool
  private var groups: [Group] = []
  private var places: [[UInt8]: Int] = [:]
  /// The group of rows that inherit from a batch; of none, those of new rows.
  private var known: [BatchPrefix?: Int] = [:]

  /// - Parameter isTaken: whether a new record's id stands for something else; for rows that only edit nobody asks.
  init(
    _ writer: PackWriter, threads: Int, _ facts: BatchFacts,
    isTaken: @escaping (TreeEntry) throws -> Bool = { _ in false }
  ) throws {
    self.writer = writer
    self.threads = threads
    given = try facts.rowFacts(storing: writer)
    recipe = facts.notes
    self.isTaken = isTaken
  }

  /// Adds a row that edits a record whose columns came from `batch`, or a new row.
  func append(_ row: EditBatch.Row, of batch: (prefix: BatchPrefix, batch: Batch)?) {
    group(of: batch).rows.append(row)
  }

  /// Stores the batches, in the order of their first rows.
  func finish(_ source: Batch.Source, layout: Layout) throws -> (
    batches: [SnapshotChange.NewBatch], edits: [TreeEdit]
  ) {
    var batches: [SnapshotChange.NewBatch] = []
    var edits: [TreeEdit] = []
    for group in groups {
      let made = try EditBatch.make(of: group.rows.count, writer, threads: threads) {
        group.rows[$0]
      } isTaken: {
        try isTaken($0)
      } finish: {
        try $0.finish(group.facts, source: source, layout: layout, recipe: recipe)
      }
      batches.append(SnapshotChange.NewBatch(id: made.id, batch: made.batch, format: layout.format))
      edits += made.entries.map { .put($0) }
    }
    return (batches, edits)
  }

  private func group(of batch: (prefix: BatchPrefix, batch: Batch)?) -> Group {
    if let place = known[batch?.prefix] { return groups[place] }
    let facts = batch.map { given.completed(by: RowFacts(inheritedFrom: $0.batch)) } ?? given
    let spelling = facts.spelling
    let place = places[spelling] ?? groups.count
    if place == groups.count { groups.append(Group(facts)) }
    places[spelling] = place
    known[batch?.prefix] = place
    return groups[place]
  }
}

extension RowFacts {
  /// One spelling, so that facts are the same when their bytes are: texts that Swift calls equal can differ.
  var spelling: [UInt8] {
    var batch = Batch(origin: .edited, rows: 0, pairs: BatchFacts.digest(of: []), origins: [])
    batch.say(self)
    return batch.canonicalBytes
  }
}
