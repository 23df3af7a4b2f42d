import Objects
public import Records

/// What the next commit will hold, in the folder `staging`: `state.json` says what is staged now,
/// `<digest>.state` keeps each state that an operation names, and `<batch id>.pairs` holds a staged batch's pair
/// ids, 32 bytes a row. The last two are only ever added, so that whatever an operation names can come back; `gc`
/// removes those that nothing names any more.
public struct StagingArea: Sendable {
  let folder: String
  let fileSystem: any FileSystem

  static let longestState = 16 << 20
  static let pairsExtension = ".pairs"
  static let stateExtension = ".state"
  private var statePath: String { folder + "/state.json" }

  /// What is staged.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``.
  public func current() throws -> StagingState {
    guard try fileSystem.status(statePath) != nil else { return .empty }
    return try read(statePath)
  }

  /// The staged batches in the order they were added; none when nothing is staged. Throws as ``current()`` does.
  public func batches() throws -> [StagedBatch] { try current().batches }

  /// A state that an operation names; nil stands for nothing staged.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``, also when it was never kept.
  public func state(_ digest: ContentDigest?) throws -> StagingState {
    guard let digest else { return .empty }
    guard try isKept(digest) else {
      throw HistoryError.damaged(path: path(digest), "an operation names it, and it is missing")
    }
    let state = try read(path(digest))
    guard state.digest == digest else {
      throw HistoryError.damaged(path: path(digest), "its digest is not the one in its name")
    }
    return state
  }

  /// Whether a state that operations name is still there.
  func isKept(_ digest: ContentDigest) throws -> Bool { try fileSystem.status(path(digest)) != nil }

  /// The pair ids of a staged batch in row order, proven to be those the batch names.
  ///
  /// - Throws: ``HistoryError/damagedStaging(_:_:)``.
  public func pairs(of staged: StagedBatch) throws -> [ObjectID] {
    let bytes = try fileSystem.contents(of: path(staged.batch), limit: staged.rows * ObjectID.byteCount)
    guard bytes.count == staged.rows * ObjectID.byteCount else {
      throw HistoryError.damagedStaging(staged.batch, "its list of pairs has the wrong length")
    }
    guard ContentDigest(ofBytes: bytes) == staged.pairs else {
      throw HistoryError.damagedStaging(staged.batch, "its list of pairs was altered")
    }
    return bytes.withUnsafeBytes { buffer in
      (0..<staged.rows).map { ObjectID(loading: buffer, at: $0 * ObjectID.byteCount) }
    }
  }

  /// Makes the pair ids of batches durable, so that states may name the batches, and states, so that an operation may
  /// name those: all together.
  func keep(_ pairs: [(batch: ObjectID, pairs: [ObjectID])], _ states: [StagingState]) throws {
    var files: [(file: AtomicFile, name: String)] = []
    func add(_ name: String, _ bytes: [UInt8]) throws {
      let file = try AtomicFile(in: folder, stem: name, fileSystem: fileSystem)
      try file.append(bytes)
      files.append((file, name))
    }
    for (batch, pairs) in pairs {
      var bytes = [UInt8](repeating: 0, count: pairs.count * ObjectID.byteCount)
      bytes.withUnsafeMutableBytes { buffer in
        for (position, pair) in pairs.enumerated() {
          pair.store(to: buffer, at: position * ObjectID.byteCount)
        }
      }
      try add(batch.hex + Self.pairsExtension, bytes)
    }
    for state in states {
      if let digest = state.digest, try !isKept(digest) {
        try add(digest.hex + Self.stateExtension, state.canonicalBytes)
      }
    }
    if !files.isEmpty { try AtomicFile.commit(files) }
  }

  /// Makes a state the current one, in one step. Called with the repository's lock held.
  func set(_ state: StagingState) throws {
    if !state.isEmpty {
      try fileSystem.replaceAtomically(statePath, with: state.canonicalBytes)
    } else if try fileSystem.status(statePath) != nil {
      try fileSystem.remove(statePath)
      try fileSystem.synchronizeDirectory(folder)
    }
  }

  /// The kept states and lists of pairs that none of these states needs, with their lengths in bytes.
  func leftovers(besides states: Set<StagingState>) throws -> [(name: String, bytes: Int)] {
    var needed: Set<String> = []
    for state in states {
      if let digest = state.digest { needed.insert(digest.hex + Self.stateExtension) }
      for staged in state.batches { needed.insert(staged.batch.hex + Self.pairsExtension) }
    }
    var found: [(name: String, bytes: Int)] = []
    for name in try fileSystem.list(folder).sorted() where !needed.contains(name) {
      guard name.hasSuffix(Self.pairsExtension) || name.hasSuffix(Self.stateExtension) else { continue }
      found.append((name, try fileSystem.status(folder + "/" + name)?.length ?? 0))
    }
    return found
  }

  /// Removes such a file. Called with the repository's lock held.
  func removeLeftover(_ name: String) throws { try fileSystem.remove(folder + "/" + name) }

  private func read(_ path: String) throws -> StagingState {
    let bytes = try fileSystem.contents(of: path, limit: Self.longestState)
    do throws(StagingState.Flaw) {
      return try StagingState(parsing: bytes)
    } catch {
      throw HistoryError.damaged(path: path, error.reason)
    }
  }

  private func path(_ batch: ObjectID) -> String { folder + "/" + batch.hex + Self.pairsExtension }
  private func path(_ state: ContentDigest) -> String { folder + "/" + state.hex + Self.stateExtension }
}
