import Records

extension ObjectInventory {
  /// Whether a pack is to be replaced by one with its intact entries.
  public func isReplaceable(_ number: Int) -> Bool { !packs[number].isIntact && !packs[number].isUnsupported }

  /// Writes the intact objects of a damaged pack, as they lie there, into a new pack, unless an undamaged pack has
  /// them. Durable when it returns. Returns nil when there was nothing to save.
  ///
  /// When the new pack gets the very name of the damaged one, `beforeReplacing` is called before the file is replaced.
  public func salvage(
    _ number: Int, beforeReplacing: () throws(ObjectsError) -> Void
  ) throws(ObjectsError) -> PackInfo? {
    let entries = objects.filter { object in
      Int(object.pack) == number
        && !objects.copies(of: object.id).contains {
          $0.kindCode == object.kindCode
            && (packs[Int($0.pack)].isIntact || $0.pack == object.pack && $0.offset < object.offset)
        }
    }.sorted { $0.offset < $1.offset }
    guard !entries.isEmpty else { return nil }
    var retrieval = try Retrieval(packs: packs, fileSystem: fileSystem, dictionaries: dictionaries)
    defer { retrieval.close() }
    let pack = try PendingPack(PackDirectory(directory, fileSystem))
    do throws(ObjectsError) {
      if let id = packs[number].dictionary, dictionaries[id] != nil {
        pack.dictionary = try CompressionDictionary(
          id: id, number: packs[number].dictionaryNumber,
          bytes: retrieval.read(id, .dictionary, from: objects))
      }
      for entry in entries {
        guard let kind = ObjectKind(code: entry.kindCode) else { continue }
        try retrieval.entryBytes(entry).withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
          try pack.append(entry.id, kind, bytes)
        }
      }
      return try pack.finish { (name) throws(ObjectsError) in
        if name == packs[number].name { try beforeReplacing() }
      }
    } catch {
      pack.discard()
      throw error
    }
  }
}
