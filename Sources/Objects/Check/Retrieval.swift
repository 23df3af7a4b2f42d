import Records

/// Reads objects by where they were found, without any pack's index. One thread at a time.
struct Retrieval {
  private let packs: [ExaminedPack]
  private let fileSystem: any FileSystem
  private let dictionaries: [ObjectID: CompressionDictionary]
  private let decoder: EntryDecoder
  private var open: [UInt32: OpenFile] = [:]

  init(
    packs: [ExaminedPack], fileSystem: any FileSystem, dictionaries: [ObjectID: CompressionDictionary]
  ) throws(ObjectsError) {
    self.packs = packs
    self.fileSystem = fileSystem
    self.dictionaries = dictionaries
    decoder = try EntryDecoder()
  }

  /// Closes the packs that were read from.
  mutating func close() {
    for file in open.values { fileSystem.close(file) }
    open = [:]
  }

  /// The bytes of an object of a list in order of ids.
  mutating func read(
    _ id: ObjectID, _ kind: ObjectKind, from objects: [StoredObject], depthBelow limit: Int = .max
  ) throws(ObjectsError) -> [UInt8] {
    var damage: ObjectsError?
    for copy in objects.copies(of: id) where copy.kindCode == kind.code && copy.depth < limit {
      do throws(ObjectsError) { return try read(copy, kind, from: objects) } catch { damage = error }
    }
    throw damage ?? .missing(id, kind)
  }

  private mutating func read(
    _ object: StoredObject, _ kind: ObjectKind, from objects: [StoredObject]
  ) throws(ObjectsError) -> [UInt8] {
    let bytes = try entryBytes(object)
    let pack = packs[Int(object.pack)]
    do throws(Damage) {
      let (id, decoded) = try decode(
        bytes, dictionary: pack.dictionary.flatMap { dictionaries[$0] }, from: objects)
      guard id == object.id else { throw Damage(offset: 0, reason: "it changed while it was checked") }
      return decoded
    } catch {
      throw .damagedObject(object.id, kind, path: pack.path, offset: object.offset, reason: error.reason)
    }
  }

  /// The entry of an object as it lies in its pack.
  mutating func entryBytes(_ object: StoredObject) throws(ObjectsError) -> [UInt8] {
    let file: OpenFile
    if let known = open[object.pack] {
      file = known
    } else {
      if open.count > 64 { close() }
      file = try fileSystem.open(packs[Int(object.pack)].path, .read)
      open[object.pack] = file
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(object.length), alignment: 16)
    defer { buffer.deallocate() }
    try fileSystem.readAll(file, into: buffer, at: object.offset)
    return Array(buffer)
  }

  /// Decodes one entry; the base of a delta comes from the list.
  mutating func decode(
    _ bytes: [UInt8], dictionary: CompressionDictionary?, from objects: [StoredObject]
  ) throws(Damage) -> (ObjectID, [UInt8]) {
    let header: (kind: ObjectKind, encoding: PackEncoding, base: ObjectID, depth: Int) = try withEntry(bytes)
    {
      ($0.kind, $0.encoding, $0.base, $0.depth)
    }
    var base: [UInt8] = []
    if header.encoding == .delta {
      do throws(ObjectsError) {
        base = try read(header.base, header.kind, from: objects, depthBelow: header.depth)
      } catch {
        throw Damage(offset: 0, reason: "its base \(header.base) cannot be read")
      }
      guard base.count <= PackFormat.deltaLimit else {
        throw Damage(offset: 0, reason: "its base is too long")
      }
    }
    if header.encoding == .dictionary, dictionary == nil {
      throw Damage(offset: 0, reason: "its dictionary cannot be read")
    }
    let decoder = decoder
    return try base.withUnsafeBytesThrowing { (base) throws(Damage) in
      try withEntry(bytes) { (entry) throws(Damage) in
        let reference: ZstdDecompressor.Reference =
          switch entry.encoding {
          case .delta: .prefix(base)
          case .dictionary: dictionary.map { .dictionary($0) } ?? .none
          case .raw, .zstd: .none
          }
        let (id, decoded) = try decoder.decode(entry, reference)
        return (id, Array(decoded))
      }
    }
  }

  private func withEntry<Result>(
    _ bytes: [UInt8], _ body: (PackEntry) throws(Damage) -> Result
  ) throws(Damage) -> Result {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(Damage) in
      let entry = try PackEntry(buffer, at: 0, end: buffer.count)
      guard entry.end == buffer.count else { throw Damage(offset: 0, reason: "its length is another") }
      return try body(entry)
    }
  }
}
