import Objects
import Records

/// Collects rows that a commit edits or adds, and makes them a batch of their own: each row knows its place in the file
/// that brought it, its columns and, when it is an edit, the record it edits.
final class EditBatch {
  /// The pair of a row.
  enum Content {
    /// Its canonical bytes.
    case bytes(ArraySlice<UInt8>)
    /// One that is in the store.
    case stored(ObjectID)
  }

  /// One row as it arrives.
  struct Row {
    var pair: Content
    var place: OriginsChunk.Place?
    /// Name and canonical value, in the order of the names' UTF-16 code units.
    var columns: [(name: [UInt8], value: [UInt8])]
    var placeholder: String?
    var verbatim: [UInt8]?
    /// The record it edits; nil for a new row.
    var edits: RecordID?
  }

  private let writer: PackWriter
  private let threads: Int
  private var builder = OriginsBuilder(first: 1)
  private var pairs: [ObjectID] = []
  private var origins: [ObjectID] = []
  /// Pairs of the chunk being built, and where each ends.
  private var waiting: [UInt8] = []
  private var ends: [Int] = []
  /// For each row of that chunk the pair that is in the store; nil for the next of those that are waiting.
  private var stored: [ObjectID?] = []
  /// Rows so far.
  private(set) var count: UInt32 = 0

  /// Pairs that one thread compresses at a time.
  private static let slice = 64

  init(_ writer: PackWriter, threads: Int) {
    self.writer = writer
    self.threads = threads
  }

  /// Adds a row and returns its number in the batch, from 1.
  @discardableResult
  func append(_ row: Row) throws -> UInt32 {
    switch row.pair {
    case .bytes(let bytes):
      waiting += bytes
      ends.append(waiting.count)
      stored.append(nil)
    case .stored(let id): stored.append(id)
    }
    count += 1
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
    if builder.count == Batch.standardChunk { try flush() }
    return count
  }

  /// Stores the batch with what is said of its rows, and returns it with the ids of its pairs, in the order of the rows.
  ///
  /// - Parameters:
  ///   - source: the file that brought the rows, with its layout; nil when none did.
  ///   - recipe: what a recipe says of how they were made.
  func finish(
    _ facts: RowFacts, source: Batch.Source? = nil, layout: Layout? = nil, recipe: JSONValue? = nil
  ) throws -> (id: ObjectID, batch: Batch, pairs: [ObjectID]) {
    if builder.count > 0 { try flush() }
    var batch = Batch(
      origin: .edited, rows: pairs.count, pairs: BatchFacts.digest(of: pairs), origins: origins,
      source: source, layout: layout?.json, recipe: recipe)
    batch.say(facts)
    return (try writer.add(.batch, batch.canonicalBytes), batch, pairs)
  }

  private func flush() throws {
    let (writer, bytes, ends) = (writer, waiting, ends)
    let slices = stride(from: 0, to: ends.count, by: Self.slice).map { $0..<min($0 + Self.slice, ends.count) }
    let encoded = try parallel(slices.count, threads: threads) { index in
      let rows = slices[index]
      let start = rows.lowerBound == 0 ? 0 : ends[rows.lowerBound - 1]
      return try bytes.withUnsafeBytes { bytes in
        try writer.encode(
          .pair, UnsafeRawBufferPointer(rebasing: bytes[start..<ends[rows.upperBound - 1]]),
          ends: ends[rows].map { $0 - start })
      }
    }
    var written = try encoded.flatMap { try writer.append($0) }[...]
    pairs += stored.compactMap { $0 ?? written.popFirst() }
    waiting.removeAll(keepingCapacity: true)
    self.ends.removeAll(keepingCapacity: true)
    stored.removeAll(keepingCapacity: true)
    origins.append(try writer.add(.origins, builder.finish()))
  }
}

extension EditBatch.Row {
  /// A record that was put together here: it has no place in a file.
  init(_ fields: RecordFields, edits: RecordID?) {
    self.init(pair: .bytes(fields.pair[...]), columns: fields.columns, edits: edits)
  }
}
