import Objects
import Records

/// Collects the rows that a commit edits or adds from a file, and makes them a batch of their own: each row knows
/// its place in that file, its columns and, when it is an edit, the record it edits.
final class EditBatch {
  /// One row as it arrives.
  struct Row {
    var pair: [UInt8]
    var place: OriginsChunk.Place?
    /// Name and canonical value, in the order of the names' UTF-16 code units.
    var columns: [(name: [UInt8], value: [UInt8])]
    var placeholder: String?
    var verbatim: [UInt8]?
    /// The record it edits; nil for a new row.
    var edits: RecordID?
  }

  private let writer: PackWriter
  private var builder = OriginsBuilder(first: 1)
  private(set) var pairs: [ObjectID] = []
  private var origins: [ObjectID] = []

  init(_ writer: PackWriter) { self.writer = writer }

  /// Adds a row and returns its number in the batch, from 1.
  @discardableResult
  func append(_ row: Row) throws -> UInt32 {
    pairs.append(try writer.add(.pair, row.pair))
    if let place = row.place {
      builder.appendRow(line: place.line, byte: place.byte, length: place.length)
    } else {
      builder.appendRow()
    }
    for (name, value) in row.columns { builder.column(name, value: value) }
    if let placeholder = row.placeholder {
      Array(placeholder.utf8).withUnsafeBytes { builder.placeholder($0) }
    }
    if let verbatim = row.verbatim { verbatim.withUnsafeBytes { builder.verbatim($0) } }
    if let record = row.edits { builder.edits(record) }
    if builder.count == Batch.standardChunk { origins.append(try writer.add(.origins, builder.finish())) }
    return UInt32(pairs.count)
  }

  /// Stores the batch and returns its id.
  func finish(_ source: Batch.Source, layout: Layout, facts: BatchFacts) throws -> (
    id: ObjectID, batch: Batch
  ) {
    if builder.count > 0 { origins.append(try writer.add(.origins, builder.finish())) }
    var batch = Batch(
      origin: .edited, rows: pairs.count, pairs: BatchFacts.digest(of: pairs), origins: origins,
      source: source,
      layout: layout.json)
    try facts.describe(&batch, writer)
    return (try writer.add(.batch, batch.canonicalBytes), batch)
  }
}
