public import Records

/// Which index entries of a store's packs are reached, a bit each. An id marks every entry that may be its object:
/// index entries hold eight bytes of an id, and an entry too many only stays.
///
/// One thread at a time. A million objects take 125 kB.
public final class ObjectMarks {
  let packs: PackDirectory
  private(set) var catalog: PackCatalog
  private var bits: [ObjectID: PackBits] = [:]

  /// Nothing marked in the packs there are now.
  ///
  /// - Throws: what is wrong with a pack that cannot be opened: nobody knows what it holds.
  public init(_ store: ObjectStore) throws(ObjectsError) {
    packs = store.packs
    packs.refresh()
    catalog = packs.catalog()
    try adopt()
  }

  /// Takes packs into account that came since; what is marked stays so. Throws as ``init(_:)`` does.
  public func follow() throws(ObjectsError) {
    packs.refresh()
    catalog = packs.catalog()
    try adopt()
  }

  private func adopt() throws(ObjectsError) {
    if let failure = catalog.failures.first { throw failure }
    for (digest, file) in catalog.files where bits[digest] == nil { bits[digest] = PackBits(file.count) }
  }

  /// Marks an object.
  ///
  /// - Throws: ``ObjectsError/missing(_:_:)`` when no pack's index has it.
  public func mark(_ id: ObjectID, _ kind: ObjectKind) throws(ObjectsError) {
    if !mark(candidates: id) { throw .missing(id, kind) }
  }

  /// Marks what may be an object. Returns whether anything may.
  @discardableResult
  public func mark(candidates id: ObjectID) -> Bool {
    var isFound = false
    catalog.forEachCandidate(id.word0...id.word0) { file, position in
      bits[file.footer.packDigest]?.set(position)
      isFound = true
      return true
    }
    return isFound
  }

  /// The marks of a pack, as they are now.
  func marks(of digest: ObjectID) -> PackBits { bits[digest] ?? PackBits(0) }
}

/// A bit for each index entry of a pack.
struct PackBits: Equatable {
  private var words: [UInt64]

  init(_ count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  /// The first `count` bits set.
  init(full count: Int) {
    self.init(count)
    for position in 0..<count { set(position) }
  }

  /// Whether no bit is set.
  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// Whether the first `count` bits are set.
  func isFull(_ count: Int) -> Bool { (0..<count).allSatisfy { self[$0] } }

  subscript(position: Int) -> Bool { words[position >> 6] & (1 << UInt64(position & 63)) != 0 }

  mutating func set(_ position: Int) { words[position >> 6] |= 1 << UInt64(position & 63) }

  /// Whether every bit that is set here is set there too.
  func isSubset(of other: PackBits) -> Bool { zip(words, other.words).allSatisfy { $0 & ~$1 == 0 } }
}
