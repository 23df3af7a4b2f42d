import History
import Objects
import Records

/// Scored records as batches: one for all of which the same is said. Rows are written as they come, in ascending order of
/// their records, and none is kept.
final class ScoreBatches {
  private final class Group {
    let facts: RowFacts
    let batch: EditBatch
    var records: [RecordID] = []

    init(_ facts: RowFacts, _ batch: EditBatch) {
      self.facts = facts
      self.batch = batch
    }
  }

  private struct Known: Hashable {
    let batch: BatchPrefix
    let scores: UInt64
  }

  private let names: [String]
  private let writer: PackWriter
  private let threads: Int
  private var groups: [Group] = []
  private var places: [[UInt8]: Int] = [:]
  private var known: [Known: Int] = [:]

  /// - Parameter names: those of the scores.
  init(_ names: [String], _ writer: PackWriter, threads: Int) {
    self.names = names
    self.writer = writer
    self.threads = threads
  }

  /// Adds a record.
  ///
  /// - Parameters:
  ///   - scores: a bit for each score that its column of that name is.
  ///   - batch: what was said of its columns so far.
  func append(
    _ row: EditBatch.Row, of record: RecordID, scores: UInt64, inheriting batch: (BatchPrefix, Batch)
  ) throws {
    let group = group(scores, batch)
    try group.batch.append(row)
    group.records.append(record)
  }

  private func group(_ scores: UInt64, _ batch: (prefix: BatchPrefix, batch: Batch)) -> Group {
    let key = Known(batch: batch.prefix, scores: scores)
    if let place = known[key] { return groups[place] }
    var given = RowFacts()
    for (place, name) in names.enumerated() where scores >> place & 1 == 1 {
      given.mapping[.score(name)] = name
    }
    let facts = given.completed(by: RowFacts(inheritedFrom: batch.batch))
    let spelling = facts.spelling
    let place = places[spelling] ?? groups.count
    if place == groups.count { groups.append(Group(facts, EditBatch(writer, threads: threads))) }
    places[spelling] = place
    known[key] = place
    return groups[place]
  }

  /// Stores the batches, and gives what they make of their records in ascending order.
  ///
  /// - Parameters:
  ///   - source: the file that the numbers stand in.
  ///   - notes: how they came to be.
  func finish(source: Batch.Source?, notes: JSONValue?) throws -> (batches: [ObjectID], entries: [TreeEntry])
  {
    var batches: [ObjectID] = []
    var entries: [TreeEntry] = []
    for group in groups {
      let made = try group.batch.finish(group.facts, source: source, recipe: notes)
      let prefix = BatchPrefix(of: made.id)
      batches.append(made.id)
      for (place, record) in group.records.enumerated() {
        entries.append(
          TreeEntry(
            key: record, object: made.pairs[place], origin: RecordID(batch: prefix, row: UInt32(place + 1))))
      }
    }
    if groups.count > 1 { entries.sort { $0.key < $1.key } }
    return (batches, entries)
  }
}
