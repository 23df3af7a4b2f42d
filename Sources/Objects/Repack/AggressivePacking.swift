import CZstd
import Records

/// Compresses objects anew, as hard as zstd can: with a dictionary trained on samples of all pairs where that makes
/// the pack smaller, and nodes as differences from those they replaced. What it writes depends on the objects and
/// their order, never on the number of threads.
struct AggressivePacking {
  let pending: PendingPack
  let packs: PackDirectory
  let catalog: PackCatalog
  let threads: Int

  /// Entries that one thread compresses at a time.
  private static let chunk = 256

  /// Appends all entries' objects.
  func append(_ entries: [RepackEntry]) throws(ObjectsError) {
    let dictionary = try dictionary(for: entries)
    if let dictionary {
      let contents = dictionary.contents
      let reader = try ObjectReader(packs, catalog: catalog, pending: nil)
      let codec = try ObjectCodec(reader: reader, dictionary: nil, level: PackFormat.aggressiveLevel)
      var bytes: [UInt8] = []
      try contents.withUnsafeBytesThrowing { (contents) throws(ObjectsError) in
        _ = try codec.append(.dictionary, contents, to: &bytes)
      }
      try bytes.withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
        try pending.append(dictionary.id, .dictionary, bytes)
      }
      pending.dictionary = dictionary
    }
    try appendWhole(entries.filter { $0.depth == 0 }, dictionary)
    try appendDifferences(entries.filter { $0.depth > 0 })
  }

  /// Objects that were stored whole, a chunk a thread.
  private func appendWhole(
    _ entries: [RepackEntry], _ dictionary: CompressionDictionary?
  ) throws(ObjectsError) {
    let window = Self.chunk * threads * 4
    let compressors = Pool<Compressor>()
    let (packs, catalog) = (packs, catalog)
    var start = 0
    while start < entries.count {
      let part = entries[start..<min(start + window, entries.count)]
      start += window
      let chunks = stride(from: part.startIndex, to: part.endIndex, by: Self.chunk).map {
        part[$0..<min($0 + Self.chunk, part.endIndex)]
      }
      let slots = Slots<Result<[Encoded], ObjectsError>>(chunks.count)
      let workers = min(threads, chunks.count)
      Threads.run(workers) { worker in
        for number in stride(from: worker, to: chunks.count, by: workers) {
          do throws(ObjectsError) {
            let encoded = try compressors.withElement(
              making: { () throws(ObjectsError) in try Compressor(packs, catalog, dictionary) },
              { (compressor) throws(ObjectsError) in try compressor.encode(chunks[number]) })
            slots.set(number, .success(encoded))
          } catch {
            slots.set(number, .failure(error))
          }
        }
      }
      for slot in slots.values {
        for object in try slot?.get() ?? [] {
          try object.entry.withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
            try pending.append(object.id, object.kind, bytes)
          }
        }
      }
    }
  }

  /// Objects that were differences, bases before what needs them, each against its old base where that is in the
  /// pack by now.
  private func appendDifferences(_ entries: [RepackEntry]) throws(ObjectsError) {
    let reader = try ObjectReader(packs, catalog: catalog, pending: nil)
    let bases = try ObjectReader(packs, catalog: catalog, pending: nil)
    let codec = try ObjectCodec(
      reader: reader, dictionary: pending.dictionary, level: PackFormat.aggressiveLevel)
    var depths: [ObjectID: Int] = [:]
    var bytes: [UInt8] = []
    for entry in entries.sorted(by: { ($0.depth, $0.number, $0.offset) < ($1.depth, $1.number, $1.offset) }) {
      guard let found = try reader.verified(entry.position, in: entry.file), !pending.contains(found.id)
      else {
        continue
      }
      var base: (id: ObjectID, found: ObjectReader.Found)?
      if pending.contains(found.entry.base) {
        base = (
          found.entry.base,
          ObjectReader.Found(
            bytes: try bases.bytes(of: found.entry.base, entry.kind), depth: depths[found.entry.base] ?? 0)
        )
      }
      bytes.removeAll(keepingCapacity: true)
      let encoding = try codec.append(entry.kind, found.bytes, base: base, to: &bytes)
      if encoding == .delta, let base { depths[found.id] = base.found.depth + 1 }
      try bytes.withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
        try pending.append(found.id, entry.kind, bytes)
      }
    }
  }
}

/// An object ready to be appended.
private struct Encoded: Sendable {
  let id: ObjectID
  let kind: ObjectKind
  let entry: [UInt8]
}

/// What one thread compresses with.
private final class Compressor {
  private let reader: ObjectReader
  private let codec: ObjectCodec

  init(_ packs: PackDirectory, _ catalog: PackCatalog, _ dictionary: CompressionDictionary?)
    throws(ObjectsError)
  {
    reader = try ObjectReader(packs, catalog: catalog, pending: nil)
    codec = try ObjectCodec(reader: reader, dictionary: dictionary, level: PackFormat.aggressiveLevel)
  }

  func encode(_ entries: ArraySlice<RepackEntry>) throws(ObjectsError) -> [Encoded] {
    var encoded: [Encoded] = []
    for entry in entries {
      guard let found = try reader.verified(entry.position, in: entry.file) else { continue }
      var bytes: [UInt8] = []
      try codec.append(entry.kind, found.bytes, to: &bytes)
      encoded.append(Encoded(id: found.id, kind: entry.kind, entry: bytes))
    }
    return encoded
  }
}

/// Results of threads, each in its own place.
private final class Slots<Value: Sendable>: @unchecked Sendable {
  private let lock = Serialized(())
  private(set) var values: [Value?]

  init(_ count: Int) { values = Array(repeating: nil, count: count) }

  func set(_ number: Int, _ value: Value) { lock.use { _ in values[number] = value } }
}

// The choice of a dictionary.
extension AggressivePacking {
  /// How many bytes of samples a new dictionary is trained on, spread evenly over all pairs.
  private static let sampleLimit = 4 << 20
  /// How many samples decide between two dictionaries.
  private static let trialCount = 2_000

  /// The dictionary that makes the pack smallest: the newest there is or a new one, for the level packed with.
  private func dictionary(for entries: [RepackEntry]) throws(ObjectsError) -> CompressionDictionary? {
    let (current, highestNumber) = packs.newestDictionary(in: catalog)
    let old = try current?.at(level: PackFormat.aggressiveLevel)
    let pairs = entries.filter { $0.kind == .pair }
    let samples = try samples(of: pairs, limit: Self.sampleLimit)
    let (number, overflow) = highestNumber.addingReportingOverflow(1)
    guard !overflow, samples.ends.count >= CompressionDictionary.fewestSamples else { return old }
    let size = min(CompressionDictionary.limit, samples.bytes.count / 8)
    let trained = samples.bytes.withUnsafeBytes {
      CompressionDictionary.train($0, ends: samples.ends, size: size, limit: Self.sampleLimit, thorough: true)
    }
    guard let trained else { return old }
    let new = try CompressionDictionary(
      id: ObjectID.hash(.dictionary, trained), number: number, bytes: trained,
      level: PackFormat.aggressiveLevel)
    guard let old else { return new }
    // Both are stored once; what decides is what the pairs come to with each.
    let trial = stride(from: 0, to: pairs.count, by: max(1, pairs.count / Self.trialCount)).map { pairs[$0] }
    let (oldLength, newLength) = (try length(of: trial, with: old), try length(of: trial, with: new))
    return newLength < oldLength ? new : old
  }

  private func samples(
    of pairs: [RepackEntry], limit: Int
  ) throws(ObjectsError) -> (bytes: [UInt8], ends: [Int]) {
    let reader = try ObjectReader(packs, catalog: catalog, pending: nil)
    let total = pairs.count
    var (bytes, ends): ([UInt8], [Int]) = ([], [])
    let step = max(1, total / 8_192)
    for position in stride(from: 0, to: total, by: step) {
      guard let found = try reader.verified(pairs[position].position, in: pairs[position].file) else {
        continue
      }
      guard bytes.count + found.bytes.count <= limit else { break }
      bytes.append(contentsOf: found.bytes)
      ends.append(bytes.count)
    }
    return (bytes, ends)
  }

  private func length(
    of entries: [RepackEntry], with dictionary: CompressionDictionary
  ) throws(ObjectsError) -> Int {
    let compressor = try Compressor(packs, catalog, dictionary)
    return try compressor.encode(entries[...]).reduce(0) { $0 + $1.entry.count }
  }
}
