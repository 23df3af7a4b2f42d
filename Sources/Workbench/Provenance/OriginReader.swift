import History
import Objects
import Records

/// Reads the origins of records: batches once, chunks through a small cache, since neighbours share them.
final class OriginReader {
  private let reader: ObjectReader
  private let store: ObjectStore
  private var batches: [BatchPrefix: (id: ObjectID, batch: Batch)] = [:]
  private var chunks: [ObjectID: OriginsChunk] = [:]
  private var recent: [ObjectID] = []

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
        hint: "the repository is damaged: restore `.mdata/objects` from a copy")
    }
    let batch = try Batch(parsing: reader.read(id, .batch))
    batches[prefix] = (id, batch)
    return (id, batch)
  }

  /// The chunk that holds a row of a batch, and the row's place in it, from 0.
  func chunk(of origin: RecordID) throws -> (chunk: OriginsChunk, offset: Int) {
    let (_, batch) = try batch(origin.batch)
    guard let place = batch.origins(ofRow: Int(origin.row)) else {
      throw Failure(.data, "the batch `\(origin.batch.hex)` has no row \(origin.row)")
    }
    if let known = chunks[place.chunk] { return (known, place.offset) }
    let chunk = try OriginsChunk(parsing: reader.read(place.chunk, .origins))
    guard place.offset < chunk.count else {
      throw Failure(.data, "the origins chunk `\(place.chunk.hex)` has no row \(origin.row)")
    }
    if recent.count >= Self.mostChunks { chunks[recent.removeFirst()] = nil }
    chunks[place.chunk] = chunk
    recent.append(place.chunk)
    return (chunk, place.offset)
  }

  /// The origin of a row as values.
  func row(_ origin: RecordID) throws -> OriginRow {
    let (chunk, offset) = try chunk(of: origin)
    guard let row = try chunk.row(at: offset) else {
      throw Failure(.data, "the batch `\(origin.batch.hex)` has no row \(origin.row)")
    }
    return row
  }
}
