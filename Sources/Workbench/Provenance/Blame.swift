import History
import Objects
public import Records

/// Asks where a record came from and what used it.
public struct BlameRequest: Sendable {
  /// A record id, as printed.
  public var record: String
  /// The version to look in.
  public var revision: String

  /// A request.
  public init(record: String, revision: String = "HEAD") {
    self.record = record
    self.revision = revision
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> BlameResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let reader = try RecordReader(workspace.store)
      let id = try workspace.existingRecord(record, reader.origins)
      let commit = try workspace.resolve(revision)
      let (batchID, batch) = try reader.origins.batch(id.batch)
      let entry = try workspace.tree(of: commit).entry(for: id)
      let changes = try workspace.changes(of: id)
      if entry == nil && changes.isEmpty {
        throw Failure(.missing, "no version has a record `\(record)`", hint: "`mdata diff` prints record ids")
      }
      let side = try entry.map(reader.side)
      let last = try entry ?? workspace.lastEntry(of: id, removedBy: changes.last)
      return BlameResult(
        record: try workspace.short(id), pair: entry?.object.hex,
        instruction: try last.map { try reader.pair($0).instruction } ?? "",
        row: try side.map { try JSON.parse($0.rowJSON) }, batch: try workspace.summary(batchID, batch),
        origin: try reader.origins.summary(id),
        edit: try entry.flatMap { $0.origin == id ? nil : try reader.origins.summary($0.origin) },
        commits: changes, decisions: try workspace.decisions(about: id, reader.origins),
        runs: try workspace.runs(thatSaw: id))
    }
  }
}

/// Where a record came from and what used it.
public struct BlameResult: Sendable {
  /// The record, with the shortest unique prefix of its batch.
  public var record: String
  /// Its pair in the version asked for; nil when it is not in it.
  public var pair: String?
  /// The task; of a record that is not in the version, as it was when it was removed.
  public var instruction: String
  /// The whole row; nil when it is not in the version.
  public var row: JSONValue?
  /// The batch that brought it.
  public var batch: BatchSummary
  /// Where it came from first.
  public var origin: OriginSummary
  /// Where its present content came from, when it was edited.
  public var edit: OriginSummary?
  /// The commits that added, edited and removed it, oldest first.
  public var commits: [CommitChange]
  /// What merges and deduplications decided about it, oldest first.
  public var decisions: [DecisionSummary]
  /// The training runs that saw it, oldest first.
  public var runs: [RunUse]
}

/// A commit that changed a record.
public struct CommitChange: Sendable {
  /// The commit, in full.
  public var commit: String
  /// Shortest unique prefix.
  public var short: String
  /// What it did.
  public var kind: RecordChange.Kind
  /// The commit's message.
  public var message: String
  /// The first line of it.
  public var summary: String { String(message.prefix { !$0.isNewline }) }
  /// `Name <address>`.
  public var author: String
  /// RFC 3339, UTC.
  public var time: String
}

/// A run that saw a record.
public struct RunUse: Sendable {
  /// The run, in full.
  public var run: String
  /// Shortest unique prefix.
  public var short: String
  /// The commit it was trained on.
  public var commit: String
  /// The base model.
  public var model: String
  /// When it ended, RFC 3339.
  public var time: String
}
