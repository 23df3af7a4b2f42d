import Objects
public import Records

/// A batch that `add` has prepared. Its objects are in the store; no commit leads to it yet.
public struct StagedBatch: Hashable, Sendable {
  /// The batch object.
  public let batch: ObjectID
  /// The number of its rows.
  public let rows: Int
  /// The name of the file it came from, for people.
  public let source: String
  /// The digest over its pair ids, as the batch object has it.
  public let pairs: ContentDigest

  /// A staged batch.
  public init(batch: ObjectID, rows: Int, source: String, pairs: ContentDigest) {
    self.batch = batch
    self.rows = rows
    self.source = source
    self.pairs = pairs
  }
}

/// What the next commit will hold: the staged batches in `staging/state.json`, and beside it each batch's pair
/// ids (32 bytes a row) in a file named by the batch.
public struct StagingArea: Sendable {
  let folder: String
  let fileSystem: any FileSystem

  static let schema = "mdata.staging/v1"
  static let longestState = 16 << 20
  private var statePath: String { folder + "/state.json" }

  /// The staged batches in the order they were added; none when nothing is staged.
  ///
  /// - Throws: ``HistoryError/damaged(path:_:)``.
  public func batches() throws -> [StagedBatch] {
    guard try fileSystem.status(statePath) != nil else { return [] }
    let bytes = try fileSystem.contents(of: statePath, limit: Self.longestState)
    func damaged(_ reason: String) -> HistoryError { .damaged(path: statePath, reason) }
    let value: JSONValue
    do throws(JSONFailure) { value = try JSON.parse(bytes) } catch { throw damaged(error.description) }
    guard let schema = value["schema"]?.string, schema.utf8.elementsEqual(Self.schema.utf8) else {
      throw damaged("it names no format this version of mdata reads")
    }
    guard let items = value["batches"]?.array else { throw damaged("it lists no batches") }
    var found: [StagedBatch] = []
    for (position, item) in items.enumerated() {
      guard let batch = item["batch"]?.string.flatMap({ ObjectID(hex: $0) }), let rows = item["rows"]?.int,
        (1...Int(UInt32.max)).contains(rows), let source = item["source"]?.string,
        let pairs = item["pairs"]?.string.flatMap({ ContentDigest(hex: $0) })
      else { throw damaged("its batch number \(position + 1) is malformed") }
      guard !found.contains(where: { $0.batch == batch }) else {
        throw damaged("it lists the batch \(batch) twice")
      }
      found.append(StagedBatch(batch: batch, rows: rows, source: source, pairs: pairs))
    }
    return found
  }

  /// The pair ids of a staged batch in row order, proven to be those the batch names.
  ///
  /// - Throws: ``HistoryError/damagedStaging(_:_:)``.
  public func pairs(of staged: StagedBatch) throws -> [ObjectID] {
    let bytes = try fileSystem.contents(of: path(staged.batch), limit: staged.rows * ObjectID.byteCount)
    guard bytes.count == staged.rows * ObjectID.byteCount else {
      throw HistoryError.damagedStaging(staged.batch, "its list of pairs has the wrong length")
    }
    let hasher = SHA256()
    hasher.begin()
    return try bytes.withUnsafeBytes { buffer in
      hasher.update(buffer)
      guard ContentDigest(hasher.finish()) == staged.pairs else {
        throw HistoryError.damagedStaging(staged.batch, "its list of pairs was altered")
      }
      return (0..<staged.rows).map { ObjectID(loading: buffer, at: $0 * ObjectID.byteCount) }
    }
  }

  /// Stages a batch after the others; see ``add(_:)``.
  public func add(_ staged: StagedBatch, pairs: [ObjectID]) throws { try add([(staged, pairs)]) }

  /// Stages batches after the others, all or none; staging one again changes nothing. Called with the repository's
  /// lock held.
  public func add(_ added: [(batch: StagedBatch, pairs: [ObjectID])]) throws {
    var batches = try batches()
    var files: [(file: AtomicFile, name: String)] = []
    for (staged, pairs) in added where !batches.contains(where: { $0.batch == staged.batch }) {
      var bytes = [UInt8](repeating: 0, count: pairs.count * ObjectID.byteCount)
      bytes.withUnsafeMutableBytes { buffer in
        for (position, pair) in pairs.enumerated() {
          pair.store(to: buffer, at: position * ObjectID.byteCount)
        }
      }
      let name = fileName(staged.batch)
      let file = try AtomicFile(in: folder, stem: name, fileSystem: fileSystem)
      try file.append(bytes)
      files.append((file, name))
      batches.append(staged)
    }
    guard !files.isEmpty else { return }
    try AtomicFile.commit(files)
    try write(batches)
  }

  private func write(_ batches: [StagedBatch]) throws {
    let items = batches.map { staged in
      JSONValue.object([
        JSONMember("batch", .string(staged.batch.hex)), JSONMember("pairs", .string(staged.pairs.hex)),
        JSONMember("rows", .integer(staged.rows)), JSONMember("source", .string(staged.source)),
      ])
    }
    let state = JSONValue.object([
      JSONMember("batches", .array(items)), JSONMember("schema", .string(Self.schema)),
    ])
    try fileSystem.replaceAtomically(statePath, with: CanonicalJSON.encode(state))
  }

  /// Unstages all but these, of which each is staged.
  func keep(_ batches: [StagedBatch]) throws {
    if batches.isEmpty { try clear() } else { try write(batches) }
  }

  /// Unstages everything: first the state, then the side files, so that an interruption leaves no state without
  /// its files.
  public func clear() throws {
    if try fileSystem.status(statePath) != nil {
      try fileSystem.remove(statePath)
      try fileSystem.synchronizeDirectory(folder)
    }
    for name in try fileSystem.list(folder) where name.hasSuffix(".pairs") {
      try fileSystem.remove(folder + "/" + name)
    }
  }

  private func fileName(_ batch: ObjectID) -> String { "\(batch.hex).pairs" }
  private func path(_ batch: ObjectID) -> String { folder + "/" + fileName(batch) }
}
