import History
import Objects
import Records

/// Reads one source into the objects of one batch: pairs, origins chunks, prompts and seeds, and the batch itself.
///
/// One thread cuts rows, all of them decode, hash and compress; the objects and their order depend on the content
/// alone.
struct BatchImport {
  let session: Session
  let writer: PackWriter
  let facts: BatchFacts

  /// - Throws: ``Failure`` with the row's place when a row is malformed; then nothing has been staged.
  func run(_ source: ImportSource) throws -> ImportedBatch {
    let report = try facts.rejects.map { try RejectReport(path: $0, fileSystem: session.fileSystem) }
    defer { report?.discard() }
    var rows = try source.placing { try RowReader(source: source.read, options: facts.options) }
    let decoder = RowDecoder(layout: rows.layout, options: facts.options)
    var pairs: [ObjectID] = []
    var origins: [ObjectID] = []
    var keys = BatchKeys()
    var warnings: [String: Int] = [:]
    var sampled = try sample(&rows, source, decoder)[...]
    let writer = writer
    try Pipeline(threads: session.threads, making: {}).run(
      next: { () -> Incoming? in
        if let next = sampled.popFirst() { return next }
        guard let raw = try source.placing({ try rows.nextChunk() }) else { return nil }
        return Incoming(raw: raw, decoded: nil)
      },
      work: { (_, incoming: Incoming) in
        let decoded = incoming.decoded ?? decoder.decode(incoming.raw)
        return EncodedChunk(
          cut: incoming.raw.rejects, rejected: decoded.rejects.first, warnings: decoded.warnings,
          objects: decoded.rejects.isEmpty ? try Self.encode(decoded, writer) : nil)
      },
      take: { chunk in
        try report?.append(chunk.cut)
        if let reject = chunk.rejected { throw source.failure(reject) }
        warnings.merge(chunk.warnings, uniquingKeysWith: +)
        guard let objects = chunk.objects else { return }
        pairs += try writer.append(objects.pairs)
        origins += try writer.append(objects.origins)
        keys.append(objects.keys)
      })
    let rejected = try report?.finish() ?? 0
    guard !pairs.isEmpty else {
      throw Failure(
        .data, "\(source.name): every row is malformed",
        hint: "correct the rows; without `--skip-invalid` the first of them is named")
    }
    let batch = try facts.batch(
      source: source.description(), layout: rows.layout, pairs: pairs, origins: origins, warnings: warnings,
      writer: writer)
    let id = try writer.add(.batch, batch.canonicalBytes)
    return ImportedBatch(
      id: id, batch: batch, pairs: pairs, keys: keys, format: rows.layout.format, rejected: rejected,
      rejects: facts.rejectsName)
  }

  /// A chunk of the file on its way to a thread; those that trained the dictionary are decoded already.
  private struct Incoming: Sendable {
    let raw: RawChunk
    let decoded: DecodedChunk?
  }

  /// What a thread made of a chunk.
  private struct EncodedChunk: Sendable {
    let cut: [RejectedRow]
    let rejected: RejectedRow?
    let warnings: [String: Int]
    let objects: (pairs: EncodedObjects, origins: EncodedObjects, keys: ChunkKeys)?
  }

  /// Chunks of the first wave, whose pairs train the dictionary: a constant, because the bytes of a pack must not
  /// depend on the number of threads.
  private static let samplingWave = 16

  /// Decodes the first chunks and lets their pairs train the dictionary that all later packs use.
  private func sample(
    _ rows: inout RowReader, _ source: ImportSource, _ decoder: RowDecoder
  ) throws -> [Incoming] {
    var raw: [RawChunk] = []
    while raw.count < Self.samplingWave, let chunk = try source.placing({ try rows.nextChunk() }) {
      raw.append(chunk)
    }
    let chunks = raw
    let decoded = try parallel(chunks.count, threads: session.threads) { decoder.decode(chunks[$0]) }
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for chunk in decoded {
      ends += chunk.pairEnds.map { $0 + bytes.count }
      bytes += chunk.pairBytes
    }
    try bytes.withUnsafeBytes { _ = try writer.offerSamples($0, ends: ends) }
    return zip(raw, decoded).map { Incoming(raw: $0, decoded: $1) }
  }

  private static func encode(
    _ chunk: DecodedChunk, _ writer: PackWriter
  ) throws -> (pairs: EncodedObjects, origins: EncodedObjects, keys: ChunkKeys) {
    let pairs = try chunk.pairBytes.withUnsafeBytes { try writer.encode(.pair, $0, ends: chunk.pairEnds) }
    let origins = try chunk.origins.withUnsafeBytes {
      try writer.encode(.origins, $0, ends: [chunk.origins.count])
    }
    return (pairs, origins, ChunkKeys(try OriginsChunk(parsing: chunk.origins)))
  }
}
