import History
import Objects
import Records

/// A batch that was just read, with its objects in a writer.
struct ImportedBatch {
  var id: ObjectID
  var batch: Batch
  /// In the order of the rows.
  var pairs: [ObjectID]
  /// What the index shall know of the rows.
  var keys: BatchKeys
  var format: Format
  var rejected: Int
  var rejects: String?

  var name: String { batch.source?.name ?? "" }

  var staged: StagedBatch { StagedBatch(batch: id, rows: batch.rows, source: name, pairs: batch.pairs) }

  var change: SnapshotChange.NewBatch {
    SnapshotChange.NewBatch(
      id: id, batch: batch, format: format, keys: keys, rejected: rejected, rejects: rejects)
  }
}

/// What changes a repository.
extension Workspace {
  /// Begins a change, in the name of the session's author or of git's. Its commits are signed when the session or git's
  /// configuration says so.
  ///
  /// - Throws: ``Failure`` of kind `configuration` when neither is known.
  func begin(_ verb: String, _ description: some StringProtocol, pack: PackWriter? = nil) throws
    -> Transaction
  {
    let identity =
      try session.author.map { GitIdentity(name: $0.name, email: $0.email) }
      ?? GitIdentity.configured(near: session.directory)
    guard let identity else {
      throw Failure(
        .configuration, "nobody is named as the author",
        hint: "`git config --global user.name NAME` and `git config --global user.email ADDRESS`")
    }
    return try repository.begin(
      verb: verb, description: String(description), identity: identity,
      time: GitTime(seconds: session.now, offset: Int32(session.utcOffset)),
      signing: { try self.signature(ofCommit: $0, by: identity) }, pack: pack)
  }

  /// Runs `body` with a writer of objects, whose file is gone when it throws: a thread that has just finished may keep
  /// the writer itself for longer than the process lives.
  func writing<Value>(_ body: (PackWriter) throws -> Value) throws -> Value {
    let writer = try PackWriter(store)
    do {
      return try body(writer)
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Opens where rows come from.
  func open(_ request: ImportRequest) throws -> ImportSource {
    try ImportSource(
      request.source, name: request.provenance.name, session: session, folder: repository.path + "/staging")
  }

  /// Reads sources into batches.
  func read(_ requests: [ImportRequest], into writer: PackWriter) throws -> [ImportedBatch] {
    if requests.count > 1, requests.contains(where: { $0.provenance.name != nil }) {
      throw Failure(.usage, "`--name` names one file, and there are \(requests.count)")
    }
    if requests.count > 1, requests.contains(where: { $0.provenance.rejects != nil }) {
      throw Failure(.usage, "`--skip-invalid` is for one file at a time, and there are \(requests.count)")
    }
    return try requests.map { request in
      let facts = try BatchFacts(request.provenance, session)
      return try BatchImport(session: session, writer: writer, facts: facts).run(open(request))
    }
  }

  /// A batch of the store, as a change brings it.
  func newBatch(_ id: ObjectID) throws -> SnapshotChange.NewBatch {
    let batch = try batch(id)
    let format = try batch.layout.map { try Layout(json: $0).format } ?? .alpacaJSONL
    return SnapshotChange.NewBatch(id: id, batch: batch, format: format)
  }

  func summary(_ new: SnapshotChange.NewBatch) throws -> ImportSummary {
    ImportSummary(
      batch: try short(BatchPrefix(of: new.id)), name: new.batch.source?.name ?? "", rows: new.batch.rows,
      format: new.format.rawValue, rejected: new.rejected, rejects: new.rejects, warnings: new.batch.warnings)
  }
}
