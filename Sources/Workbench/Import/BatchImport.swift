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
    var warnings: [String: Int] = [:]
    var isFirst = true
    while true {
      let size = isFirst ? Self.samplingWave : session.threads * 4
      let wave = try source.placing { try nextWave(&rows, size) }
      if wave.isEmpty { break }
      let decoded = try parallel(wave.count, threads: session.threads) { decoder.decode(wave[$0]) }
      for (raw, chunk) in zip(wave, decoded) {
        try report?.append(raw.rejects)
        if let reject = chunk.rejects.first { throw source.failure(reject) }
        warnings.merge(chunk.warnings, uniquingKeysWith: +)
      }
      if isFirst { try offerSamples(decoded) }
      isFirst = false
      for objects in try encode(decoded) {
        pairs += try writer.append(objects.pairs)
        origins += try writer.append(objects.origins)
      }
    }
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
      id: id, batch: batch, pairs: pairs, format: rows.layout.format, rejected: rejected,
      rejects: facts.rejectsName)
  }

  /// Chunks of the first wave, whose pairs train the dictionary: a constant, because the bytes of a pack must not
  /// depend on the number of threads.
  private static let samplingWave = 16

  /// As many chunks as keep every thread busy for a while.
  private func nextWave(_ rows: inout RowReader, _ size: Int) throws -> [RawChunk] {
    var wave: [RawChunk] = []
    while wave.count < size, let chunk = try rows.nextChunk() { wave.append(chunk) }
    return wave
  }

  /// The first pairs of a large import train the dictionary that all later packs use.
  private func offerSamples(_ chunks: [DecodedChunk]) throws {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for chunk in chunks {
      ends += chunk.pairEnds.map { $0 + bytes.count }
      bytes += chunk.pairBytes
    }
    try bytes.withUnsafeBytes { _ = try writer.offerSamples($0, ends: ends) }
  }

  private func encode(_ chunks: [DecodedChunk]) throws -> [(pairs: EncodedObjects, origins: EncodedObjects)] {
    let writer = writer
    return try parallel(chunks.count, threads: session.threads) { index in
      let chunk = chunks[index]
      let pairs = try chunk.pairBytes.withUnsafeBytes { try writer.encode(.pair, $0, ends: chunk.pairEnds) }
      let origins = try chunk.origins.withUnsafeBytes {
        try writer.encode(.origins, $0, ends: [chunk.origins.count])
      }
      return (pairs, origins)
    }
  }
}
