public import Records
import Synchronization

/// Writes objects into one new pack.
///
/// ``encode(_:_:ends:)`` is the expensive half: it is pure and may run on many threads at once. ``append(_:)`` is
/// the cheap half, called in the order in which the objects are to lie. The pack's bytes depend on that order and
/// on the store, never on the number of threads. Nothing is visible in the store before ``finish()``.
public final class PackWriter: Sendable {
  private let packs: PackDirectory
  private let catalog: PackCatalog
  private let lease: StoreLease
  private let codecs = Pool<ObjectCodec>()
  private let assembly: Serialized<PackAssembly>
  private let dictionary = Mutex<DictionaryChoice>(.open)

  private enum DictionaryChoice {
    case open
    case made(CompressionDictionary?)
  }

  /// A writer for a store, which it compares with as it is now. Until the writer is dropped, `gc` drops no object
  /// that it may have left out because the store has it.
  public init(_ store: ObjectStore) throws(ObjectsError) {
    packs = store.packs
    // First the lease, then the look: what is seen now stays.
    lease = try .shared(packs.path, packs.fileSystem)
    packs.refresh()
    let catalog = packs.catalog()
    self.catalog = catalog
    assembly = Serialized(PackAssembly(packs, catalog))
  }

  /// Begins to read and to digest the store's dictionary on another thread, so that it is there when the first object
  /// is.
  public func warmUp() {
    Threads.detach { [packs, catalog] in
      _ = packs.newestDictionary(in: catalog).dictionary?.compression
    }
  }

  /// Offers the first objects of a large import as samples to train a dictionary from, given as one run of bytes
  /// and the offset at which each ends. A mebibyte is enough, and more is not looked at.
  ///
  /// Call it once, before anything else: the choice of a dictionary holds for the whole pack. Returns true when one
  /// was trained, which is when the store has none (or one of less than half the size these samples give) and
  /// there are at least 500 samples that are not too much alike.
  @discardableResult
  public func offerSamples(_ contents: UnsafeRawBufferPointer, ends: [Int]) throws(ObjectsError) -> Bool {
    try dictionary.withLock { (choice) throws(ObjectsError) in
      guard case .open = choice else { return false }
      let (current, highestNumber) = packs.newestDictionary(in: catalog)
      choice = .made(current)
      let (number, overflow) = highestNumber.addingReportingOverflow(1)
      let size = CompressionDictionary.size(forSampleEnds: ends)
      guard !overflow, size > 0, size >= 2 * (current?.byteCount ?? 0),
        let bytes = CompressionDictionary.train(contents, ends: ends, size: size)
      else { return false }
      let id = ObjectID.hash(.dictionary, bytes)
      let trained = try CompressionDictionary(id: id, number: number, bytes: bytes)
      choice = .made(trained)
      return try bytes.withUnsafeBytesThrowing { (buffer) throws(ObjectsError) in
        try assembly.use { (assembly) throws(ObjectsError) in try assembly.adopt(trained, buffer) }
        return true
      }
    }
  }

  /// Hashes and compresses objects given as one run of bytes and the offset at which each ends. Thread-safe.
  ///
  /// Objects of which the store has an undamaged copy are left out. Throws
  /// ``ObjectsError/objectTooLarge(_:bytes:limit:)`` for an object over 64 MiB.
  public func encode(
    _ kind: ObjectKind, _ contents: UnsafeRawBufferPointer, ends: [Int]
  ) throws(ObjectsError) -> EncodedObjects {
    precondition(ends.last ?? 0 <= contents.count, "the objects lie within the contents")
    let catalog = catalog
    return try codecs.withElement(
      making: { () throws(ObjectsError) in
        let reader = try ObjectReader(packs, catalog: catalog, pending: nil)
        return try ObjectCodec(reader: reader, dictionary: chosenDictionary())
      },
      { (codec) throws(ObjectsError) in try codec.encode(kind, contents, ends: ends) })
  }

  /// Appends encoded objects to the pack, in their order and without those it already has. Returns all their ids.
  @discardableResult
  public func append(_ objects: EncodedObjects) throws(ObjectsError) -> [ObjectID] {
    let dictionary = chosenDictionary()
    try assembly.use { (assembly) throws(ObjectsError) in
      try assembly.append(objects, dictionary: dictionary)
    }
    return objects.ids
  }

  /// Adds one object, unless the store or this pack has it. Returns its id.
  ///
  /// With `deltaBase` it is stored as its difference from that object of the same kind, when that is shorter and
  /// the chain of differences stays within eight; the base may lie in the store or in this pack.
  @discardableResult
  public func add(
    _ kind: ObjectKind, _ bytes: UnsafeRawBufferPointer, deltaBase: ObjectID? = nil
  ) throws(ObjectsError) -> ObjectID {
    let dictionary = chosenDictionary()
    return try assembly.use { (assembly) throws(ObjectsError) in
      try assembly.add(kind, bytes, deltaBase: deltaBase, dictionary: dictionary)
    }
  }

  /// ``add(_:_:deltaBase:)`` for an array.
  @discardableResult
  public func add(_ kind: ObjectKind, _ bytes: [UInt8], deltaBase: ObjectID? = nil) throws(ObjectsError)
    -> ObjectID
  {
    try bytes.withUnsafeBytesThrowing { (buffer) throws(ObjectsError) in
      try add(kind, buffer, deltaBase: deltaBase)
    }
  }

  /// Takes into account what the store has gained since the writer was made, for reading and as bases of deltas.
  public func followStore() { assembly.use { $0.followStore() } }

  /// The canonical bytes of an object that this pack or the store has. Throws as ``ObjectReader/bytes(of:_:)`` does.
  public func read(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> [UInt8] {
    try assembly.use { (assembly) throws(ObjectsError) in try assembly.read(id, kind) }
  }

  /// Makes the pack durable and its objects visible in the store. Returns nil when there was nothing new to write.
  /// The writer is not used after it.
  public func finish() throws(ObjectsError) -> PackInfo? {
    let info = try assembly.use { (assembly) throws(ObjectsError) in try assembly.finish() }
    if let info { packs.adopt(info.digest) }
    return info
  }

  /// Removes what was written. Also happens when a writer is dropped unfinished.
  public func discard() { assembly.use { $0.discard() } }

  private func chosenDictionary() -> CompressionDictionary? {
    dictionary.withLock { choice in
      if case .made(let made) = choice { return made }
      let current = packs.newestDictionary(in: catalog).dictionary
      choice = .made(current)
      return current
    }
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` for a body whose errors have a type.
  func withUnsafeBytesThrowing<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result = withUnsafeBytes { (buffer) -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
