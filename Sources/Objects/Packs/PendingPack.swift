import Records

/// A pack being written: its bytes so far, on disk and in memory, and where each of its objects is.
final class PendingPack: PendingEntries {
  private let packs: PackDirectory
  private let file: AtomicFile
  private let hasher = SHA256()
  /// What is not yet in the file.
  private var buffer: [UInt8] = []
  private var places: [ObjectID: Place] = [:]
  var dictionary: CompressionDictionary?

  private static let bufferLimit = 1 << 20

  private struct Place {
    let offset: Int
    let length: Int32
    let kind: ObjectKind
  }

  init(_ packs: PackDirectory) throws(ObjectsError) {
    self.packs = packs
    file = try AtomicFile(
      in: packs.path, stem: "pack", permissions: 0o444, fileSystem: packs.fileSystem)
    hasher.begin()
    buffer.reserveCapacity(Self.bufferLimit + Self.bufferLimit / 4)
    buffer += PackFormat.header
  }

  /// Length of the pack so far, in bytes.
  var length: Int { file.length + buffer.count }

  var count: Int { places.count }

  func contains(_ id: ObjectID) -> Bool { places[id] != nil }

  /// Appends an object's entry unless the pack already has the object.
  func append(_ id: ObjectID, _ kind: ObjectKind, _ entry: UnsafeRawBufferPointer) throws(ObjectsError) {
    guard places[id] == nil else { return }
    places[id] = Place(offset: length, length: Int32(entry.count), kind: kind)
    buffer.append(contentsOf: entry)
    if buffer.count >= Self.bufferLimit { try flush() }
  }

  private func flush() throws(ObjectsError) {
    try buffer.withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
      hasher.update(bytes)
      try file.append(bytes)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  func entry(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> PendingEntry? {
    guard let place = places[id], place.kind == kind else { return nil }
    let storage = ScratchBuffer()
    let bytes = storage.room(for: Int(place.length))
    if place.offset >= file.length {
      buffer.withUnsafeBytes { source in
        let start = place.offset - file.length
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<start + bytes.count]))
      }
    } else {
      try file.read(into: bytes, at: place.offset)
    }
    return PendingEntry(
      kind: kind, storage: storage, bytes: UnsafeRawBufferPointer(bytes), dictionary: dictionary)
  }

  /// Writes index and footer, and makes the pack durable under its name.
  func finish() throws(ObjectsError) -> PackInfo {
    let indexOffset = length
    guard indexOffset < PackFormat.packLimit else {
      throw .fileTooLong(path: packs.path, bytes: indexOffset, limit: PackFormat.packLimit)
    }
    let index = indexBytes()
    let digests = SHA256()
    digests.begin()
    index.withUnsafeBytes { digests.update($0) }
    let footer = PackFooter(
      count: places.count, indexOffset: indexOffset, dictionaryNumber: dictionary?.number ?? 0,
      dictionary: dictionary?.id ?? .zero, indexDigest: digests.finish(), packDigest: .zero)
    buffer += index
    buffer += footer.encodedFields(digests)
    try flush()
    let digest = hasher.finish()
    buffer += digest.bytes
    let bytes = length
    try buffer.withUnsafeBytesThrowing { (tail) throws(ObjectsError) in try file.append(tail) }
    let name = PackFormat.fileName(digest)
    try file.commit(as: name)
    return PackInfo(digest: digest, fileName: name, objects: places.count, bytes: bytes)
  }

  /// The prefixes in ascending order, then the entries' offsets in the same order.
  private func indexBytes() -> [UInt8] {
    var order: [(prefix: UInt64, offset: Int)] = []
    order.reserveCapacity(places.count)
    for (id, place) in places { order.append((id.word0, place.offset)) }
    order.sort { $0.prefix != $1.prefix ? $0.prefix < $1.prefix : $0.offset < $1.offset }
    let width = PackFormat.offsetBytes(length)
    var index: [UInt8] = []
    index.reserveCapacity(order.count * (PackFormat.prefixBytes + width))
    for entry in order { withUnsafeBytes(of: entry.prefix.bigEndian) { index.append(contentsOf: $0) } }
    for entry in order {
      withUnsafeBytes(of: UInt64(entry.offset).bigEndian) { index.append(contentsOf: $0.suffix(width)) }
    }
    return index
  }

  func discard() { file.discard() }
}
