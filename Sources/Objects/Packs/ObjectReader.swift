public import Records

/// Reads many objects with the memory and tables of one: a decompressor, a hasher, a buffer.
///
/// One thread at a time; make one for each thread. Sees the packs that were there when it was made, and looks for
/// new ones only when it misses an object.
public final class ObjectReader {
  private let packs: PackDirectory
  private var catalog: PackCatalog
  private let followsStore: Bool
  private let pending: (any PendingEntries)?
  private let decompressor: ZstdDecompressor
  private let hasher = SHA256()
  /// One a level of a delta chain; the first two take turns, so that the last object stays for one more call.
  private let buffers = (0...PackFormat.depthLimit + 1).map { _ in ScratchBuffer() }
  private var turn = 0
  /// The object read last: where two versions are read side by side, it is the next one's base.
  private var last:
    (id: ObjectID, kind: ObjectKind, bytes: UnsafeRawBufferPointer, depth: Int, file: PackFile)?
  private var attempts = 0
  private var lastDictionary: CompressionDictionary?
  /// Where the entry after the one found last begins.
  private var next: (file: PackFile, offset: Int)?
  /// Whether the last object found was there: objects of neighbouring rows lie one after the other, and looking
  /// there first saves the search in an index that no cache holds.
  private var isSequential = false
  /// About how many bytes of packs reading has brought into this process since they were last given back.
  private var mapped = 0

  /// How many that may be. A whole pack would count as the process's memory otherwise.
  private static let mappedLimit = 48 << 20
  /// What the system maps around a place that is read for the first time (`fault_around_bytes`).
  private static let mappedAround = 64 << 10

  /// How many entries one read may try, so that a pack full of equal prefixes and chains cannot hold it up.
  private static let attemptLimit = 1_000

  /// A reader of a store.
  public convenience init(_ store: ObjectStore) throws(ObjectsError) {
    try self.init(store.packs, catalog: nil, pending: nil)
  }

  /// A reader that stays with one catalog, or that sees entries not yet in the store.
  init(_ packs: PackDirectory, catalog: PackCatalog?, pending: (any PendingEntries)?) throws(ObjectsError) {
    self.packs = packs
    self.catalog = catalog ?? packs.catalog()
    followsStore = catalog == nil
    self.pending = pending
    decompressor = try ZstdDecompressor()
  }

  /// The canonical bytes of an object, hashed and found to be its own. Valid until the next call to this reader.
  ///
  /// Throws ``ObjectsError/missing(_:_:)`` when no pack has it, ``ObjectsError/damagedObject(_:_:path:offset:reason:)``
  /// when a pack has it altered, and ``ObjectsError/damagedPack(path:offset:reason:)`` when a damaged pack may have it.
  public func bytes(of id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> UnsafeRawBufferPointer {
    var damage: ObjectsError?
    repeat {
      attempts = 0
      do throws(ObjectsError) {
        if let found = try find(id, kind, depthBelow: PackFormat.depthLimit + 1, level: 0) {
          return found.bytes
        }
      } catch {
        damage = error
      }
    } while followStore()
    throw catalog.systemFailure ?? damage ?? doubt() ?? .missing(id, kind)
  }

  /// Takes packs into account that came or went. Returns whether any did.
  func followStore() -> Bool {
    guard followsStore else { return false }
    packs.refresh()
    let newest = packs.catalog()
    guard newest !== catalog else { return false }
    catalog = newest
    return true
  }

  /// The reason why what was not found may exist all the same.
  func doubt() -> ObjectsError? { catalog.firstDoubt(hasher) }

  func forEachCandidate(_ prefixes: ClosedRange<UInt64>, _ body: (PackFile, Int) -> Bool) {
    catalog.forEachCandidate(prefixes, body)
  }

  /// The id and kind of the entry at an index position, or nil when its kind is not among `kinds`.
  func identify(
    _ position: Int, in file: PackFile, _ kinds: Set<ObjectKind>
  ) throws(ObjectsError) -> (ObjectID, ObjectKind)? {
    guard let found = try verified(position, in: file, kinds) else { return nil }
    return (found.id, found.entry.kind)
  }

  /// An entry that was decoded and found to be what its index says.
  struct Verified {
    let id: ObjectID
    let entry: PackEntry
    /// The object's bytes. Valid until the next call to the reader.
    let bytes: UnsafeRawBufferPointer
  }

  /// The object at an index position, or nil when its kind is not among `kinds`.
  func verified(
    _ position: Int, in file: PackFile, _ kinds: Set<ObjectKind> = Set(ObjectKind.allCases)
  ) throws(ObjectsError) -> Verified? {
    attempts = 0
    var offset = file.footer.indexOffset
    do throws(Damage) {
      let entry = try file.entry(position)
      offset = entry.offset
      guard kinds.contains(entry.kind) else { return nil }
      let bytes = try decode(entry, level: 0) { () throws(ObjectsError) in try dictionary(of: file) }
      let id = ObjectID.hash(entry.kind, bytes, with: hasher)
      guard id.word0 == file.prefix(position) else {
        throw Damage(offset: offset, reason: "its bytes have the id \(id.hex)")
      }
      return Verified(id: id, entry: entry, bytes: bytes)
    } catch {
      throw .damagedPack(path: file.path, offset: offset, reason: error.reason)
    }
  }

  /// The canonical bytes of an object as an array. Throws as ``bytes(of:_:)`` does.
  public func read(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> [UInt8] {
    [UInt8](try bytes(of: id, kind))
  }

  /// Appends the canonical bytes of an object to an array. Throws as ``bytes(of:_:)`` does.
  public func read(
    _ id: ObjectID, _ kind: ObjectKind, appendingTo target: inout [UInt8]
  ) throws(ObjectsError) {
    target.append(contentsOf: try bytes(of: id, kind))
  }

  /// A verified object, and how long the delta chain is that it ends.
  struct Found {
    let bytes: UnsafeRawBufferPointer
    let depth: Int
  }

  /// An object that may be a delta's base, without looking for new packs; nil when it is absent or damaged.
  func base(_ id: ObjectID, _ kind: ObjectKind) -> Found? {
    attempts = 0
    return try? find(id, kind, depthBelow: PackFormat.depthLimit, level: 0)
  }

  /// How many deltas it takes to read an object; 0 for one that is stored whole.
  func depth(of id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> Int? {
    attempts = 0
    return try find(id, kind, depthBelow: PackFormat.depthLimit + 1, level: 0)?.depth
  }

  /// Whether an undamaged copy of the object is there.
  func holds(_ id: ObjectID, _ kind: ObjectKind) -> Bool {
    attempts = 0
    return (try? find(id, kind, depthBelow: PackFormat.depthLimit + 1, level: 0)) != nil
  }

  /// Looks for a copy whose delta chain is short enough; each link of a chain is shorter than the one before, so
  /// no arrangement of entries can loop. Returns nil without a copy, throws when every copy is damaged.
  private func find(
    _ id: ObjectID, _ kind: ObjectKind, depthBelow depth: Int, level: Int
  ) throws(ObjectsError) -> Found? {
    if let entry = try pending?.entry(id, kind) {
      defer { withExtendedLifetime(entry.storage) {} }
      if let found = try pendingObject(entry, id, depthBelow: depth, level: level) { return found }
    }
    if level == 0, isSequential {
      if let found = following(id, kind, depthBelow: depth) { return found }
      isSequential = false
    }
    var result: Found?
    var damage: ObjectsError?
    catalog.forEachCandidate(id.word0...id.word0) { file, position in
      do throws(ObjectsError) {
        result = try object(at: position, in: file, id, kind, depthBelow: depth, level: level)
        return result == nil
      } catch {
        damage = error
        return attempts < Self.attemptLimit
      }
    }
    if let result { return result }
    if let damage { throw damage }
    return nil
  }

  /// The object in the entry after the last one, when it is the one looked for. Damage there is found again, and
  /// reported, by way of the index.
  private func following(_ id: ObjectID, _ kind: ObjectKind, depthBelow: Int) -> Found? {
    guard let (file, offset) = next, offset < file.footer.indexOffset else { return nil }
    do {
      let entry = try PackEntry(file.bytes, at: offset, end: file.footer.indexOffset)
      guard entry.kind == kind, entry.depth < depthBelow else { return nil }
      let bytes = try decode(entry, level: 0) { () throws(ObjectsError) in try dictionary(of: file) }
      guard ObjectID.hash(kind, bytes, with: hasher) == id else { return nil }
      next = (file, entry.end)
      keep(id, entry, bytes, in: file)
      account(entry.payload.count, in: file)
      return Found(bytes: bytes, depth: entry.depth)
    } catch {
      return nil
    }
  }

  /// Where an object of a level is put together.
  private func buffer(_ level: Int) -> ScratchBuffer { buffers[level == 0 ? turn : level + 1] }

  private func keep(_ id: ObjectID, _ entry: PackEntry, _ bytes: UnsafeRawBufferPointer, in file: PackFile) {
    last = (id, entry.kind, bytes, entry.depth, file)
    turn = 1 - turn
  }

  private func account(_ bytes: Int, in file: PackFile) {
    mapped += bytes
    guard mapped >= Self.mappedLimit else { return }
    file.forget()
    mapped = 0
  }

  /// The object at an index position when it is the one looked for; nil when it is intact and another.
  private func object(
    at position: Int, in file: PackFile, _ id: ObjectID, _ kind: ObjectKind, depthBelow: Int, level: Int
  ) throws(ObjectsError) -> Found? {
    attempts += 1
    var offset = file.footer.indexOffset
    do throws(Damage) {
      let entry = try file.entry(position)
      offset = entry.offset
      guard entry.depth < depthBelow else { return nil }
      let bytes = try decode(entry, level: level) { () throws(ObjectsError) in try dictionary(of: file) }
      let found = ObjectID.hash(entry.kind, bytes, with: hasher)
      if found == id, entry.kind == kind {
        if level == 0 {
          isSequential = next.map { $0.file === file && $0.offset == offset } ?? false
          next = (file, entry.end)
          keep(id, entry, bytes, in: file)
        }
        account(max(entry.payload.count, Self.mappedAround), in: file)
        return Found(bytes: bytes, depth: entry.depth)
      }
      // An intact object that shares eight bytes of its id has them in its index entry by right.
      if found.word0 == file.prefix(position) { return nil }
      throw Damage(offset: offset, reason: "its bytes have the id \(found.hex)")
    } catch {
      throw .damagedObject(id, kind, path: file.path, offset: offset, reason: error.reason)
    }
  }

  private func pendingObject(
    _ entry: PendingEntry, _ id: ObjectID, depthBelow: Int, level: Int
  ) throws(ObjectsError) -> Found? {
    do throws(Damage) {
      let parsed = try PackEntry(entry.bytes, at: 0, end: entry.bytes.count)
      guard parsed.depth < depthBelow else { return nil }
      let bytes = try decode(parsed, level: level) { () throws(ObjectsError) in entry.dictionary }
      guard ObjectID.hash(parsed.kind, bytes, with: hasher) == id else {
        throw Damage(offset: 0, reason: "its bytes changed while the pack was written")
      }
      // The bytes of a raw entry lie in the entry's own storage, which ends with this call.
      guard parsed.encoding == .raw else { return Found(bytes: bytes, depth: parsed.depth) }
      let copy = buffer(level).room(for: bytes.count)
      copy.copyMemory(from: bytes)
      return Found(bytes: UnsafeRawBufferPointer(copy), depth: parsed.depth)
    } catch {
      throw .damagedObject(id, entry.kind, path: packs.path, offset: error.offset, reason: error.reason)
    }
  }

  /// The bytes an entry stands for, not yet hashed.
  private func decode(
    _ entry: PackEntry, level: Int, dictionary: () throws(ObjectsError) -> CompressionDictionary?
  ) throws(Damage) -> UnsafeRawBufferPointer {
    let reference: ZstdDecompressor.Reference
    switch entry.encoding {
    case .raw: return entry.payload
    case .zstd: reference = .none
    case .dictionary:
      guard entry.kind != .dictionary else {
        throw Damage(offset: entry.offset, reason: "a dictionary needs one")
      }
      reference = try self.dictionary(entry, dictionary)
    case .delta:
      reference = .prefix(try base(of: entry, level: level + 1))
    }
    // Beside a dictionary is room for one object.
    if entry.encoding == .dictionary { last = nil }
    do throws(ZstdDecompressor.Fault) {
      return try decompressor.decompress(
        entry.payload, reference, length: entry.rawLength, into: buffer(level))
    } catch {
      throw Damage(offset: entry.offset, reason: error.reason)
    }
  }

  /// The dictionary a pack names. Nearly all packs name the same, so the last one is kept at hand.
  private func dictionary(of file: PackFile) throws(ObjectsError) -> CompressionDictionary? {
    guard file.footer.dictionaryNumber > 0 else { return nil }
    if let lastDictionary, lastDictionary.id == file.footer.dictionary { return lastDictionary }
    lastDictionary = try packs.dictionary(
      file.footer.dictionary, number: file.footer.dictionaryNumber, in: catalog)
    return lastDictionary
  }

  private func dictionary(
    _ entry: PackEntry, _ load: () throws(ObjectsError) -> CompressionDictionary?
  ) throws(Damage) -> ZstdDecompressor.Reference {
    do throws(ObjectsError) {
      if let dictionary = try load() { return .dictionary(dictionary) }
    } catch {
      throw Damage(offset: entry.offset, reason: "its dictionary cannot be read: \(error)")
    }
    throw Damage(offset: entry.offset, reason: "its pack names no dictionary")
  }

  private func base(of entry: PackEntry, level: Int) throws(Damage) -> UnsafeRawBufferPointer {
    if let last, last.id == entry.base, last.kind == entry.kind, last.depth < entry.depth,
      last.bytes.count <= PackFormat.deltaLimit
    {
      return last.bytes
    }
    do throws(ObjectsError) {
      if let found = try find(entry.base, entry.kind, depthBelow: entry.depth, level: level),
        found.bytes.count <= PackFormat.deltaLimit
      {
        return found.bytes
      }
    } catch {
      throw Damage(offset: entry.offset, reason: "its base cannot be read: \(error)")
    }
    throw Damage(offset: entry.offset, reason: "its base \(entry.base) is missing")
  }
}

/// Entries of a pack that is being written.
protocol PendingEntries: AnyObject {
  /// The entry of an object, or nil.
  func entry(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) -> PendingEntry?
}

/// A copy of one entry's bytes, and the dictionary of its pack.
struct PendingEntry {
  let kind: ObjectKind
  let storage: ScratchBuffer
  let bytes: UnsafeRawBufferPointer
  let dictionary: CompressionDictionary?
}
