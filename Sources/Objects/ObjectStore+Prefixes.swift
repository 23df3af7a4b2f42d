public import Records

extension ObjectStore {
  /// The objects whose ids begin with hex digits (1 to 64, in either case), ordered by id, at most `limit` of them.
  ///
  /// Each is read and hashed, since an index holds eight bytes of an id. Throws
  /// ``ObjectsError/damagedObject(_:_:path:offset:reason:)`` or ``ObjectsError/damagedPack(path:offset:reason:)``
  /// when what was asked for may exist and be damaged. Text that is no hex prefix matches nothing.
  public func matches(
    hexPrefix: String, kinds: Set<ObjectKind> = Set(ObjectKind.allCases), limit: Int = 32
  ) throws(ObjectsError) -> [(id: ObjectID, kind: ObjectKind)] {
    let digits = hexPrefix.lowercased()
    guard let prefixes = Self.range(ofHexPrefix: digits) else { return [] }
    return try withReader { (reader) throws(ObjectsError) in
      try reader.matches(prefixes, kinds: kinds, limit: limit) {
        digits.utf8.count <= 16 || $0.hex.hasPrefix(digits)
      }
    }
  }

  /// The batch whose id begins with a record id's twelve bytes, or nil. Throws as ``matches(hexPrefix:kinds:limit:)``.
  public func batch(_ prefix: BatchPrefix) throws(ObjectsError) -> ObjectID? {
    try withReader { (reader) throws(ObjectsError) in
      try reader.matches(prefix.high...prefix.high, kinds: [.batch], limit: 1) {
        BatchPrefix(of: $0) == prefix
      }
    }.first?.id
  }

  /// The kind of an object that the store holds, or nil. The object is read and hashed to know.
  public func kind(of id: ObjectID) throws(ObjectsError) -> ObjectKind? {
    try withReader { (reader) throws(ObjectsError) in
      try reader.matches(id.word0...id.word0, kinds: Set(ObjectKind.allCases), limit: 1) { $0 == id }
    }.first?.kind
  }

  /// The shortest hex prefix of an id, of at least `digits` digits, that no other object in the store shares.
  public func abbreviation(of id: ObjectID, digits: Int = 8) -> String {
    let shared = packs.catalog().longestSharedPrefix(id.word0)
    return String(id.hex.prefix(max(digits, shared / 4 + 1)))
  }

  /// The first words that ids with a hex prefix can have.
  private static func range(ofHexPrefix digits: String) -> ClosedRange<UInt64>? {
    let digits = Array(digits.utf8)
    guard (1...64).contains(digits.count) else { return nil }
    var low: UInt64 = 0
    var bits = 64
    for digit in digits {
      guard let value = Hex.value(of: digit) else { return nil }
      if bits > 0 {
        bits -= 4
        low |= UInt64(value) << UInt64(bits)
      }
    }
    return low...(low | (bits == 64 ? .max : (1 << UInt64(bits)) - 1))
  }
}

extension ObjectReader {
  /// The intact objects of some kinds whose first word lies in a range and that `isWanted` accepts, ordered by id.
  func matches(
    _ prefixes: ClosedRange<UInt64>, kinds: Set<ObjectKind>, limit: Int, isWanted: (ObjectID) -> Bool
  ) throws(ObjectsError) -> [(id: ObjectID, kind: ObjectKind)] {
    var search = search(prefixes, kinds, limit, isWanted)
    if search.found.isEmpty, followStore() { search = self.search(prefixes, kinds, limit, isWanted) }
    if let (prefix, damage) = search.damage, !search.found.keys.contains(where: { $0.word0 == prefix }) {
      throw damage
    }
    if search.found.isEmpty, let doubt = doubt() { throw doubt }
    return search.found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private struct Search {
    var found: [ObjectID: ObjectKind] = [:]
    var damage: (prefix: UInt64, error: ObjectsError)?
  }

  private func search(
    _ prefixes: ClosedRange<UInt64>, _ kinds: Set<ObjectKind>, _ limit: Int, _ isWanted: (ObjectID) -> Bool
  ) -> Search {
    var search = Search()
    forEachCandidate(prefixes) { file, position in
      do throws(ObjectsError) {
        if let (id, kind) = try identify(position, in: file, kinds), isWanted(id) { search.found[id] = kind }
      } catch {
        search.damage = (file.prefix(position), error)
      }
      return search.found.count < limit
    }
    return search
  }
}
