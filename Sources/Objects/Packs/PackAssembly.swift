import Records

/// The ordered half of writing a pack: what has been appended, and adding objects one at a time.
/// One thread at a time.
final class PackAssembly {
  private let packs: PackDirectory
  private var catalog: PackCatalog
  private let hasher = SHA256()
  private var pending: PendingPack?
  private var reader: ObjectReader?
  private var codec: ObjectCodec?
  private var entry: [UInt8] = []
  private var isFinished = false

  init(_ packs: PackDirectory, _ catalog: PackCatalog) {
    self.packs = packs
    self.catalog = catalog
  }

  /// Names a new dictionary as the pack's, and stores it.
  func adopt(_ dictionary: CompressionDictionary, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) {
    _ = try add(.dictionary, bytes, deltaBase: nil, dictionary: nil)
    codec = nil
    try pack().dictionary = dictionary
  }

  func append(_ objects: EncodedObjects, dictionary: CompressionDictionary?) throws(ObjectsError) {
    guard !objects.entries.isEmpty else { return }
    let pack = try pack()
    if objects.usesDictionary { pack.dictionary = dictionary }
    try objects.entries.withUnsafeBytesThrowing { (entries) throws(ObjectsError) in
      var start = 0
      for (position, end) in objects.ends.enumerated() where end > start {
        let entry = UnsafeRawBufferPointer(rebasing: entries[start..<end])
        try pack.append(objects.ids[position], objects.kind, entry)
        start = end
      }
    }
  }

  func add(
    _ kind: ObjectKind, _ bytes: UnsafeRawBufferPointer, deltaBase: ObjectID?,
    dictionary: CompressionDictionary?
  ) throws(ObjectsError) -> ObjectID {
    let id = ObjectID.hash(kind, bytes, with: hasher)
    let reader = try currentReader()
    if pending?.contains(id) == true || reader.holds(id, kind) { return id }
    let codec = try currentCodec(reader, dictionary)
    var base: (id: ObjectID, found: ObjectReader.Found)?
    if let deltaBase, let found = reader.base(deltaBase, kind) { base = (deltaBase, found) }
    entry.removeAll(keepingCapacity: true)
    let encoding = try codec.append(kind, bytes, base: base, to: &entry)
    let pack = try pack()
    if encoding == .dictionary { pack.dictionary = dictionary }
    try entry.withUnsafeBytesThrowing { (entry) throws(ObjectsError) in try pack.append(id, kind, entry) }
    return id
  }

  func read(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> [UInt8] {
    try currentReader().read(id, kind)
  }

  func followStore() {
    let current = packs.catalog()
    guard current !== catalog else { return }
    catalog = current
    reader = nil
    codec = nil
  }

  func finish() throws(ObjectsError) -> PackInfo? {
    isFinished = true
    defer { release() }
    return try pending?.finish()
  }

  func discard() {
    isFinished = true
    pending?.discard()
    release()
  }

  private func release() {
    pending = nil
    reader = nil
    codec = nil
  }

  /// The pack's file, created with its first object.
  private func pack() throws(ObjectsError) -> PendingPack {
    precondition(!isFinished, "a pack that is finished takes no more objects")
    if let pending { return pending }
    let made = try PendingPack(packs)
    pending = made
    reader = nil
    codec = nil
    return made
  }

  private func currentCodec(
    _ reader: ObjectReader, _ dictionary: CompressionDictionary?
  ) throws(ObjectsError) -> ObjectCodec {
    if let codec { return codec }
    let made = try ObjectCodec(reader: reader, dictionary: dictionary)
    codec = made
    return made
  }

  private func currentReader() throws(ObjectsError) -> ObjectReader {
    if let reader { return reader }
    let made = try ObjectReader(packs, catalog: catalog, pending: pending)
    reader = made
    return made
  }
}
