import Records

/// A pack being written: its bytes so far, on disk and in memory, and where each of its objects is.
final class PendingPack: PendingEntries {
  private let packs: PackDirectory
  private let file: AtomicFile
  private let hasher = SHA256()
  /// What is not yet in the file.
  private var buffer: [UInt8] = []
  private var places = EntryTable()
  var dictionary: CompressionDictionary?

  private static let bufferLimit = 1 << 20

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

  func contains(_ id: ObjectID) -> Bool { places.offset(of: id) != nil }

  /// Appends an object's entry unless the pack already has the object.
  func append(_ id: ObjectID, _ kind: ObjectKind, _ entry: UnsafeRawBufferPointer) throws(ObjectsError) {
    guard places.offset(of: id) == nil else { return }
    places.add(id, at: length)
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
    guard let offset = places.offset(of: id) else { return nil }
    let storage = ScratchBuffer()
    let header = try bytes(at: offset, upTo: PackEntry.longestHeader, storage)
    guard let found = PackEntry.kindAndLength(header) else {
      throw .damagedPack(
        path: packs.path, offset: offset, reason: "an entry changed while the pack was written")
    }
    guard found.kind == kind else { return nil }
    return PendingEntry(
      kind: kind, storage: storage, bytes: try bytes(at: offset, upTo: found.length, storage),
      dictionary: dictionary)
  }

  /// A copy of bytes written so far, at most `count` of them.
  private func bytes(
    at offset: Int, upTo count: Int, _ storage: ScratchBuffer
  ) throws(ObjectsError) -> UnsafeRawBufferPointer {
    let target = storage.room(for: min(count, length - offset))
    let inFile = max(0, min(target.count, file.length - offset))
    if inFile > 0 {
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: target[..<inFile]), at: offset)
    }
    if inFile < target.count {
      buffer.withUnsafeBytes { source in
        let start = offset + inFile - file.length
        UnsafeMutableRawBufferPointer(rebasing: target[inFile...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[start..<start + target.count - inFile]))
      }
    }
    return UnsafeRawBufferPointer(target)
  }

  /// Writes index and footer, and makes the pack durable under its name, which `naming` is told first.
  func finish(naming: (String) throws(ObjectsError) -> Void = { _ in }) throws(ObjectsError) -> PackInfo {
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
    try naming(name)
    try file.commit(as: name)
    return PackInfo(digest: digest, fileName: name, objects: places.count, bytes: bytes)
  }

  /// The prefixes in ascending order, then the entries' offsets in the same order.
  private func indexBytes() -> [UInt8] {
    let order = places.sorted()
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
