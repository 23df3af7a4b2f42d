import Records

/// What must be taken over from the packs that go so that everything that stays can be read: the bases of deltas,
/// and theirs, and the dictionaries that packs name.
struct RepackClosure {
  private let catalog: PackCatalog
  private(set) var taken: [ObjectID: PackBits] = [:]
  private var open: [(file: PackFile, position: Int)] = []

  init(_ catalog: PackCatalog, going: Set<ObjectID>) {
    self.catalog = catalog
    for digest in going { taken[digest] = PackBits(catalog.files[digest]?.count ?? 0) }
  }

  /// Takes entries of a pack that goes; what they need is not looked for. Dictionaries are taken only when required.
  mutating func take(_ entries: PackBits, of digest: ObjectID) {
    guard let file = catalog.files[digest] else { return }
    for position in 0..<file.count where entries[position] {
      if (try? file.entry(position))?.kind != .dictionary { taken[digest]?.set(position) }
    }
  }

  /// Takes what the entries of a pack need, or some of them.
  mutating func require(whatNeeds file: PackFile, only entries: PackBits? = nil) throws(ObjectsError) {
    if entries == nil, file.footer.dictionaryNumber > 0 { try require(file.footer.dictionary) }
    for position in 0..<file.count where entries?[position] ?? true {
      let entry = try file.checkedEntry(position)
      if entry.encoding == .delta { try require(entry.base) }
    }
  }

  /// Takes an object, and what it needs in turn.
  mutating func require(_ id: ObjectID) throws(ObjectsError) {
    enter(id)
    while let (file, position) = open.popLast() {
      let entry = try file.checkedEntry(position)
      if entry.encoding == .delta { enter(entry.base) }
    }
  }

  private mutating func enter(_ id: ObjectID) {
    var found: [(file: PackFile, position: Int)] = []
    catalog.forEachCandidate(id.word0...id.word0) { file, position in
      found.append((file, position))
      return true
    }
    for (file, position) in found where taken[file.footer.packDigest]?[position] == false {
      taken[file.footer.packDigest]?.set(position)
      open.append((file, position))
    }
  }
}
