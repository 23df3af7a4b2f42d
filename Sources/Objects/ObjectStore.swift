public import Records

/// The objects of a repository: a directory of immutable packs.
///
/// Thread-safe. Opening lists the directory; packs are mapped when an object is first looked for. What it returns is
/// always re-hashed, so it is the object's bytes or an error. Packs are added by ``PackWriter`` and by other
/// processes; the latter are noticed when an object is missed, or by ``refresh()``.
public final class ObjectStore: Sendable {
  let packs: PackDirectory
  private let readers = Pool<ObjectReader>()

  /// Opens the store in an existing directory.
  public init(directory: String, fileSystem: any FileSystem) throws(ObjectsError) {
    packs = try PackDirectory(directory, fileSystem)
  }

  /// The directory of the packs.
  public var directory: String { packs.path }

  /// How many packs the directory holds.
  public var packCount: Int { packs.count }

  /// The packs that can be opened, the smallest names first.
  public var packInfos: [PackInfo] {
    packs.catalog().files.values.map(\.info).sorted { $0.fileName < $1.fileName }
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
  public func refresh() -> Bool { packs.refresh() }

  /// Lends a reader that is kept between uses. What it returns is not valid after `body`.
  public func withReader<Result>(
    _ body: (ObjectReader) throws(ObjectsError) -> Result
  ) throws(ObjectsError) -> Result {
    try readers.withElement(making: { () throws(ObjectsError) in try ObjectReader(self) }, body)
  }
}
