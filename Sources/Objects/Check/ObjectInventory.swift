public import Records

/// All objects of a directory of packs, each decoded and hashed, whether or not the pack around it can be opened.
///
/// Reads every byte of every pack, on several threads and in windows of a few mebibytes, so memory follows the number
/// of objects (48 bytes each) and not their length. Nothing is written.
public final class ObjectInventory: Sendable {
  /// How an object stands.
  public enum State: Sendable, Equatable {
    /// Readers find it.
    case sound
    /// It is intact in a pack that readers cannot use; the number is the pack's place in ``packs``.
    case stranded(Int)
    /// There is no intact copy of it.
    case lost
  }

  /// The packs, by name.
  public let packs: [ExaminedPack]
  /// Files in the directory that are neither packs nor being written.
  public let strangers: [String]
  let directory: String
  let fileSystem: any FileSystem
  let objects: [StoredObject]
  let dictionaries: [ObjectID: CompressionDictionary]

  /// Examines the packs of a directory. `progress` is told the bytes done and the bytes there are.
  public init(
    directory: String, fileSystem: any FileSystem, threads: Int,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(ObjectsError) {
    var scan = try InventoryScan(directory: directory, fileSystem: fileSystem, threads: threads)
    try scan.run(progress)
    self.directory = directory
    self.fileSystem = fileSystem
    packs = scan.packs
    strangers = scan.strangers
    objects = scan.objects
    dictionaries = scan.dictionaries
  }

  /// How many intact objects there are, copies counted once each.
  public var count: Int { objects.count }

  /// How an object stands.
  public func state(of id: ObjectID, _ kind: ObjectKind) -> State {
    var stranded: Int?
    for copy in objects.copies(of: id) where copy.kindCode == kind.code {
      if packs[Int(copy.pack)].isUsable { return .sound }
      stranded = Int(copy.pack)
    }
    return stranded.map { .stranded($0) } ?? .lost
  }

  /// The intact batch whose id begins with a record id's twelve bytes, or nil.
  public func batch(_ prefix: BatchPrefix) -> ObjectID? {
    var position = lowerBound(of: prefix.high, count: objects.count) { objects[$0].id.word0 }
    while position < objects.count, objects[position].id.word0 == prefix.high {
      let found = objects[position]
      if found.kindCode == ObjectKind.batch.code, BatchPrefix(of: found.id) == prefix { return found.id }
      position += 1
    }
    return nil
  }

  /// The ids of all intact objects of a kind, in order.
  public func ids(of kind: ObjectKind) -> [ObjectID] {
    var found: [ObjectID] = []
    for object in objects where object.kindCode == kind.code && object.id != found.last {
      found.append(object.id)
    }
    return found
  }

  /// The ids of a pack's pairs in the order of the file, up to the first copy of another object there.
  public func pairs(before id: ObjectID, _ kind: ObjectKind) -> [ObjectID] {
    guard let end = objects.copies(of: id).first(where: { $0.kindCode == kind.code }) else { return [] }
    return objects.filter {
      $0.pack == end.pack && $0.kindCode == ObjectKind.pair.code && $0.offset < end.offset
    }.sorted { $0.offset < $1.offset }.map(\.id)
  }

  /// The damaged entries that may have been an object: those whose index says that its id begins as this one.
  public func lostEntries(of id: ObjectID) -> [(pack: Int, entry: ExaminedPack.LostEntry)] {
    var found: [(pack: Int, entry: ExaminedPack.LostEntry)] = []
    for (number, pack) in packs.enumerated() {
      for entry in pack.lost where entry.prefix == id.word0 { found.append((number, entry)) }
    }
    return found
  }

  /// The bytes of an intact object, hashed again. Throws as ``ObjectReader/bytes(of:_:)`` does.
  public func read(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> [UInt8] {
    var retrieval = try Retrieval(packs: packs, fileSystem: fileSystem, dictionaries: dictionaries)
    defer { retrieval.close() }
    return try retrieval.read(id, kind, from: objects)
  }
}

extension [StoredObject] {
  /// The objects with an id, of a list in order of ids.
  func copies(of id: ObjectID) -> some Sequence<StoredObject> {
    let first = lowerBound(of: id.word0, count: count) { self[$0].id.word0 }
    return self[first...].lazy.prefix { $0.id.word0 == id.word0 }.filter { $0.id == id }
  }
}
