public import Records
import Synchronization

/// The objects of a repository: a directory of immutable packs.
///
/// Thread-safe. Opening lists the directory; packs are mapped when an object is first looked for. What it returns is
/// always re-hashed, so it is the object's bytes or an error. Packs are added by ``PackWriter`` and by other
/// processes; the latter are noticed when an object is missed, or by ``refresh()``.
public final class ObjectStore: Sendable {
  /// The directory of the packs.
  public let directory: String
  let fileSystem: any FileSystem
  private let state: Mutex<State>
  private let readers = Pool<ObjectReader>()

  private struct State {
    /// Digests of the packs in the directory when it was last listed.
    var digests: Set<ObjectID>
    var catalog: PackCatalog?
    var dictionaries: [ObjectID: CompressionDictionary] = [:]
  }

  /// Opens the store in an existing directory.
  public init(directory: String, fileSystem: any FileSystem) throws(ObjectsError) {
    self.directory = directory
    self.fileSystem = fileSystem
    state = Mutex(State(digests: try Self.listing(directory, fileSystem)))
  }

  /// The canonical bytes of an object, hashed and found to be its own. For many objects on one thread
  /// ``ObjectReader`` is faster. Throws as ``ObjectReader/bytes(of:_:)`` does.
  public func read(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> [UInt8] {
    try withReader { (reader) throws(ObjectsError) in try reader.read(id, kind) }
  }

  /// Whether an undamaged copy of the object is there. It is read and hashed to know.
  public func contains(_ id: ObjectID, _ kind: ObjectKind) -> Bool {
    (try? withReader { (reader) throws(ObjectsError) in reader.holds(id, kind) }) ?? false
  }

  /// Lists the directory again. Returns whether packs were added or removed; throws nothing, since a directory that
  /// cannot be listed leaves what is known as it is.
  @discardableResult
  public func refresh() -> Bool {
    guard let digests = try? Self.listing(directory, fileSystem) else { return false }
    return state.withLock { state in
      guard digests != state.digests else { return false }
      state.digests = digests
      return true
    }
  }

  /// How many packs the directory holds.
  public var packCount: Int { state.withLock { $0.digests.count } }

  /// The packs, opened. Made when first asked for, and again when packs were added.
  func catalog() -> PackCatalog {
    state.withLock { state in
      if let catalog = state.catalog, catalog.digests == state.digests { return catalog }
      let catalog = PackCatalog(
        state.digests, directory: directory, previous: state.catalog, fileSystem: fileSystem)
      state.catalog = catalog
      return catalog
    }
  }

  /// Takes a pack just written into account.
  func adopt(_ digest: ObjectID) { state.withLock { _ = $0.digests.insert(digest) } }

  /// A dictionary, read once and kept.
  func dictionary(
    _ id: ObjectID, number: UInt64, in catalog: PackCatalog
  ) throws(ObjectsError) -> CompressionDictionary {
    if let known = state.withLock({ $0.dictionaries[id] }) { return known }
    let reader = try ObjectReader(self, catalog: catalog, pending: nil)
    let dictionary = try CompressionDictionary(
      id: id, number: number, bytes: try reader.read(id, .dictionary))
    return state.withLock { state in
      if let known = state.dictionaries[id] { return known }
      state.dictionaries[id] = dictionary
      return dictionary
    }
  }

  /// The dictionary new packs use: of those that can be read, the one with the highest number, and of several the
  /// one with the lowest id. Lost dictionaries do not keep anyone from writing, but their numbers stay taken.
  func newestDictionary(in catalog: PackCatalog) -> (
    dictionary: CompressionDictionary?, highestNumber: UInt64
  ) {
    var numbers: [ObjectID: UInt64] = [:]
    for file in catalog.files.values where file.footer.dictionaryNumber > 0 {
      let known = numbers[file.footer.dictionary] ?? 0
      numbers[file.footer.dictionary] = max(known, file.footer.dictionaryNumber)
    }
    let newestFirst = numbers.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    let highestNumber = newestFirst.first?.value ?? 0
    for (id, number) in newestFirst {
      if let dictionary = try? dictionary(id, number: number, in: catalog) {
        return (dictionary, highestNumber)
      }
    }
    return (nil, highestNumber)
  }

  func withReader<Result>(
    _ body: (ObjectReader) throws(ObjectsError) -> Result
  ) throws(ObjectsError) -> Result {
    try readers.withElement(making: { () throws(ObjectsError) in try ObjectReader(self) }, body)
  }

  private static func listing(_ directory: String, _ fileSystem: any FileSystem) throws(ObjectsError) -> Set<
    ObjectID
  > {
    Set(try fileSystem.list(directory).compactMap(PackFormat.digest(fileName:)))
  }
}
