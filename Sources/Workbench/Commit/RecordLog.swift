import History
import Records

/// Asks for the versions that changed one record. Answered by the index: the cost follows the record's own changes,
/// however long history is.
public struct RecordLogRequest: Sendable {
  /// A record id, as printed.
  public var record: String
  /// A version or two, as of a ``LogRequest``; nil for every branch and tag, as `blame` answers.
  public var revision: String?
  /// At most this many; nil for all.
  public var limit: Int?
  /// Whether to check the signatures of the versions.
  public var checksSignatures: Bool

  /// A request.
  public init(
    record: String, revision: String? = nil, limit: Int? = nil, checksSignatures: Bool = false
  ) {
    self.record = record
    self.revision = revision
    self.limit = limit
    self.checksSignatures = checksSignatures
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> RecordLog {
    try Failure.wrapping {
      try LogRequest.check(limit)
      let workspace = try Workspace(session)
      let reader = try RecordReader(workspace.store)
      let id = try workspace.existingRecord(record, reader.origins)
      let changes = try found(id, workspace)
      let name = try workspace.short(id)
      return RecordLog(
        record: name,
        steps: try changes.reversed().prefix(limit ?? .max).map { change in
          let commit = try workspace.commit(change.commit)
          let new = try workspace.tree(of: commit).entry(for: id)
          var summary = try workspace.summary(commit)
          if checksSignatures { summary.signature = try workspace.signature(of: commit) }
          return RecordLog.Step(
            commit: summary,
            change: RecordChange(
              record: name, kind: RecordChange.Kind(change.kind),
              old: try old(id, commit, workspace).map(reader.side), new: try new.map(reader.side)))
        })
    }
  }

  /// The record's changes, oldest first.
  private func found(_ id: RecordID, _ workspace: Workspace) throws -> [IndexedChange] {
    let index = try workspace.repository.index()
    guard let revision else {
      let changes = try index.changes(of: id)
      if changes.isEmpty {
        throw Failure(.missing, "no version has a record `\(record)`", hint: "`mdata diff` prints record ids")
      }
      return changes
    }
    let span = try HistorySpan(revision, in: workspace)
    var hidden: Set<CommitID> = []
    for commit in span.hidden {
      hidden.formUnion(try index.changes(of: id, reachableFrom: commit).map(\.commit))
    }
    let reached = try span.tips.map { tip in
      Set(try index.changes(of: id, reachableFrom: tip).map(\.commit))
    }
    return try index.changes(of: id).filter { change in
      !hidden.contains(change.commit) && reached.contains { $0.contains(change.commit) }
    }
  }

  /// How the record was before a commit: in the first of its parents that has it.
  private func old(_ id: RecordID, _ commit: Commit, _ workspace: Workspace) throws -> TreeEntry? {
    for parent in commit.parents {
      if let entry = try workspace.tree(of: try workspace.commit(parent)).entry(for: id) { return entry }
    }
    return nil
  }
}

/// The versions that changed a record.
public struct RecordLog: Sendable {
  /// A version and what it changed.
  public struct Step: Sendable {
    /// The version.
    public var commit: CommitSummary
    /// What it did, with the content before and after: against its first parent that has the record.
    public var change: RecordChange
  }

  /// The record, with the shortest unique prefix of its batch.
  public var record: String
  /// Newest first.
  public var steps: [Step]
}
