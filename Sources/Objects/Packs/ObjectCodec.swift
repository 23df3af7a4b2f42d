import Records

/// Hashes and compresses objects into entries. One thread at a time. The entries depend on the objects, the
/// dictionary and the store only, never on what the codec did before.
final class ObjectCodec {
  private let dictionary: CompressionDictionary?
  private let reader: ObjectReader
  private let plain: ZstdCompressor
  private var withDictionary: ZstdCompressor?
  private let hasher = SHA256()
  private let scratch = ScratchBuffer()
  private let alternative = ScratchBuffer()

  private let level: Int32

  /// A codec that leaves out what the reader finds.
  ///
  /// - Parameter level: how hard zstd tries; the dictionary must be for the same level.
  init(
    reader: ObjectReader, dictionary: CompressionDictionary?, level: Int32 = PackFormat.level
  ) throws(ObjectsError) {
    self.reader = reader
    self.dictionary = dictionary
    self.level = level
    plain = try ZstdCompressor(level: level)
  }

  /// Encodes objects given as one run of bytes and the offset at which each ends.
  func encode(
    _ kind: ObjectKind, _ contents: UnsafeRawBufferPointer, ends: [Int]
  ) throws(ObjectsError) -> EncodedObjects {
    var result = EncodedObjects(kind: kind)
    result.ids.reserveCapacity(ends.count)
    result.ends.reserveCapacity(ends.count)
    result.entries.reserveCapacity(contents.count / 2)
    var start = 0
    for end in ends {
      let bytes = UnsafeRawBufferPointer(rebasing: contents[start..<end])
      start = end
      let id = ObjectID.hash(kind, bytes, with: hasher)
      result.ids.append(id)
      result.rawBytes += bytes.count
      if !reader.holds(id, kind) {
        let encoding = try append(kind, bytes, to: &result.entries)
        if encoding == .dictionary { result.usesDictionary = true }
      }
      result.ends.append(result.entries.count)
    }
    return result
  }

  /// Appends the entry of one object, as a delta against a base when that is shorter. Returns how it is encoded.
  @discardableResult
  func append(
    _ kind: ObjectKind, _ bytes: UnsafeRawBufferPointer,
    base: (id: ObjectID, found: ObjectReader.Found)? = nil,
    to entries: inout [UInt8]
  ) throws(ObjectsError) -> PackEncoding {
    guard bytes.count <= PackFormat.objectLimit else {
      throw .objectTooLarge(kind, bytes: bytes.count, limit: PackFormat.objectLimit)
    }
    // A delta of less than half the object settles it: ids do not compress, so a node would hardly get shorter whole.
    if let base, let delta = try delta(bytes, base.found, shorterThan: bytes.count / 2) {
      return append(kind, bytes, delta: delta, of: base, to: &entries)
    }
    let compressor = try compressor(for: kind)
    let encoding: PackEncoding = compressor === plain ? .zstd : .dictionary
    let target = scratch.room(for: ZstdCompressor.bound(bytes.count))
    let length = try compressor.compress(bytes, into: target)
    if let base, let delta = try delta(bytes, base.found, shorterThan: min(length, bytes.count)) {
      return append(kind, bytes, delta: delta, of: base, to: &entries)
    } else if length < bytes.count {
      PackEntry.appendHeader(to: &entries, kind, encoding, rawLength: bytes.count, storedLength: length)
      entries.append(contentsOf: target[..<length])
      return encoding
    } else {
      PackEntry.appendHeader(to: &entries, kind, .raw, rawLength: bytes.count, storedLength: bytes.count)
      entries.append(contentsOf: bytes)
      return .raw
    }
  }

  private func append(
    _ kind: ObjectKind, _ bytes: UnsafeRawBufferPointer, delta: UnsafeMutableRawBufferPointer,
    of base: (id: ObjectID, found: ObjectReader.Found), to entries: inout [UInt8]
  ) -> PackEncoding {
    PackEntry.appendHeader(
      to: &entries, kind, .delta, rawLength: bytes.count, storedLength: delta.count,
      delta: (depth: base.found.depth + 1, base: base.id))
    entries.append(contentsOf: delta)
    return .delta
  }

  /// The delta's payload, when it and the base's id are shorter than `length` bytes.
  private func delta(
    _ bytes: UnsafeRawBufferPointer, _ base: ObjectReader.Found, shorterThan length: Int
  ) throws(ObjectsError) -> UnsafeMutableRawBufferPointer? {
    guard bytes.count <= PackFormat.deltaLimit, base.bytes.count <= PackFormat.deltaLimit,
      !base.bytes.isEmpty, base.depth < PackFormat.depthLimit
    else { return nil }
    let target = alternative.room(for: ZstdCompressor.bound(bytes.count))
    let count = try plain.compress(bytes, prefix: base.bytes, into: target)
    guard count + ObjectID.byteCount + 1 < length else { return nil }
    return UnsafeMutableRawBufferPointer(rebasing: target[..<count])
  }

  /// Text that is like the samples is compressed with the dictionary, the rest without.
  private func compressor(for kind: ObjectKind) throws(ObjectsError) -> ZstdCompressor {
    guard let dictionary, kind == .pair || kind == .seed || kind == .prompt else { return plain }
    if let withDictionary { return withDictionary }
    let made = try ZstdCompressor(level: level, dictionary: dictionary)
    withDictionary = made
    return made
  }
}
