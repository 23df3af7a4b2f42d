import History
import Objects
import Records

/// Reads the origins of records: batches once, chunks through a small cache, since neighbours share them.
final class OriginReader {
  /// A chunk of origins with what it needs to answer for its rows. A class, because it is handed out for every row
  /// and its many arrays would each be counted.
  final class Chunk {
    let origins: OriginsChunk
    let provenance: ProvenanceResolution

    init(_ origins: OriginsChunk, of batch: Batch) {
      self.origins = origins
      provenance = ProvenanceResolution(batch: batch, chunk: origins)
    }
  }

  private let reader: ObjectReader
  private let store: ObjectStore
  private var batches: [BatchPrefix: (id: ObjectID, batch: Batch)] = [:]
  private var chunks: [ObjectID: Chunk] = [:]
  private var recent: [ObjectID] = []
  /// The chunk handed out last and the batch it belongs to: the next row is mostly in it too.
  private var last: (batch: BatchPrefix, chunk: Chunk)?

  /// Chunks kept: enough for a walk in record order with edits mixed in.
  private static let mostChunks = 64

  init(_ store: ObjectStore) throws {
    self.store = store
    reader = try ObjectReader(store)
  }

  /// The batch whose id begins with `prefix`.
  func batch(_ prefix: BatchPrefix) throws -> (id: ObjectID, batch: Batch) {
    if let known = batches[prefix] { return known }
    guard let id = try store.batch(prefix) else {
      throw Failure(
        .data, "the batch `\(prefix.hex)` is missing from the object store",
        hint: Failure.damageHint)
    }
    let batch = try Batch(parsing: reader.read(id, .batch))
    batches[prefix] = (id, batch)
    return (id, batch)
  }

  /// The chunk that holds a row of a batch, and the row's place in it, from 0.
  func chunk(of origin: RecordID) throws -> (chunk: Chunk, offset: Int) {
    if let last, last.batch == origin.batch, let offset = last.chunk.origins.offset(ofRow: Int(origin.row)) {
      return (last.chunk, offset)
    }
    let (chunk, offset) = try find(origin)
    last = (origin.batch, chunk)
    return (chunk, offset)
  }

  private func find(_ origin: RecordID) throws -> (chunk: Chunk, offset: Int) {
    let batch = try batch(origin.batch).batch
    guard let place = batch.origins(ofRow: Int(origin.row)) else {
      throw Failure(.missing, "the batch `\(origin.batch.hex)` has no row \(origin.row)")
    }
    if let known = chunks[place.chunk] { return (known, place.offset) }
    let origins = try OriginsChunk(parsing: reader.read(place.chunk, .origins))
    guard origins.offset(ofRow: Int(origin.row)) == place.offset else {
      throw Failure(.data, "the origins chunk `\(place.chunk.hex)` has no row \(origin.row)")
    }
    let chunk = Chunk(origins, of: batch)
    if recent.count >= Self.mostChunks { chunks[recent.removeFirst()] = nil }
    chunks[place.chunk] = chunk
    recent.append(place.chunk)
    return (chunk, place.offset)
  }

  /// Name and canonical value of each column of a row, in the order of the names.
  func columns(of origin: RecordID) throws -> [(name: [UInt8], value: [UInt8])] {
    let (chunk, offset) = try chunk(of: origin)
    return chunk.origins.cells(at: offset).map { cell in
      (chunk.origins.columnNames[cell.column], Array(chunk.origins.bytes[cell.value]))
    }
  }

  /// The origin of a row as values.
  func row(_ origin: RecordID) throws -> OriginRow {
    let (chunk, offset) = try chunk(of: origin)
    guard let row = try chunk.origins.row(at: offset) else {
      throw Failure(.data, "the batch `\(origin.batch.hex)` has no row \(origin.row)")
    }
    return row
  }

  /// What a row's columns and its batch say about where it came from.
  func provenance(_ origin: RecordID) throws -> Provenance {
    let (chunk, offset) = try chunk(of: origin)
    return try chunk.provenance.provenance(at: offset)
  }

  /// What is known about a record: of an edited one what its edit says, and for the rest what its first row said.
  func provenance(_ entry: TreeEntry) throws -> Provenance {
    var known = try provenance(entry.origin)
    guard entry.origin != entry.key else { return known }
    let first = try provenance(entry.key)
    known.teacher = known.teacher ?? first.teacher
    known.license = known.license ?? first.license
    if known.prompts.isEmpty { known.prompts = first.prompts }
    if known.seeds.isEmpty { known.seeds = first.seeds }
    if known.scores.isEmpty { known.scores = first.scores }
    return known
  }

  /// The same for a result, with the row's place in its file.
  func summary(_ origin: RecordID) throws -> OriginSummary {
    let provenance = try provenance(origin)
    let place = try row(origin).place
    var summary = OriginSummary()
    summary.teacher = provenance.teacher
    summary.prompts = provenance.prompts
    summary.seeds = provenance.seeds
    summary.scores = provenance.scores.map { ($0.name, $0.value) }
    summary.license = provenance.license
    let batch = try batch(origin.batch).batch
    summary.file = batch.source?.name
    summary.query = batch.recipe?["score"]?["sql"]?.string
    summary.line = place?.line
    summary.byte = place?.byte
    summary.length = place?.length
    return summary
  }
}
