import Records
import Synchronization

/// The directory of packs: which there are, their indexes once opened, and their dictionaries. Thread-safe.
final class PackDirectory: Sendable {
  let path: String
  let fileSystem: any FileSystem
  private let state: Mutex<State>

  private struct State {
    /// Digests of the packs in the directory when it was last listed.
    var digests: Set<ObjectID>
    var catalog: PackCatalog?
    var dictionaries: [ObjectID: CompressionDictionary] = [:]
  }

  init(_ path: String, _ fileSystem: any FileSystem) throws(ObjectsError) {
    self.path = path
    self.fileSystem = fileSystem
    state = Mutex(State(digests: try Self.listing(path, fileSystem)))
  }

  var count: Int { state.withLock { $0.digests.count } }

  /// Lists the directory again. Returns whether packs were added or removed; throws nothing, since a directory that
  /// cannot be listed leaves what is known as it is.
  @discardableResult
  func refresh() -> Bool {
    guard let digests = try? Self.listing(path, fileSystem) else { return false }
    return state.withLock { state in
      guard digests != state.digests else { return false }
      state.digests = digests
      return true
    }
  }

  /// The packs, opened. Made when first asked for, and again when packs were added.
  func catalog() -> PackCatalog {
    state.withLock { state in
      if let catalog = state.catalog, catalog.digests == state.digests { return catalog }
      let catalog = PackCatalog(
        state.digests, directory: path, previous: state.catalog, fileSystem: fileSystem)
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

  private static func listing(_ directory: String, _ fileSystem: any FileSystem) throws(ObjectsError) -> Set<
    ObjectID
  > {
    Set(try fileSystem.list(directory).compactMap(PackFormat.digest(fileName:)))
  }
}
