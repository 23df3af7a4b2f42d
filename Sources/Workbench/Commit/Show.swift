import History
public import Records

/// Asks for one version.
public struct ShowRequest: Sendable {
  /// A branch, tag or commit.
  public var revision: String
  /// Whether signatures are checked.
  public var checksSignatures: Bool

  /// A request.
  public init(revision: String, checksSignatures: Bool = false) {
    self.revision = revision
    self.checksSignatures = checksSignatures
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> ShowResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let parent = try commit.parents.first.map { try workspace.commit($0) }
      var summary = try workspace.summary(commit)
      let found = try workspace.annotatedTag(revision)
      var tag = found.map { workspace.summary($0.tag) }
      if checksSignatures {
        summary.signature = try workspace.signature(of: commit)
        tag?.signature = try found.map { try workspace.signature(of: $0.tag, at: $0.name) }
      }
      return ShowResult(
        tag: tag, commit: summary,
        counts: try workspace.counts(from: parent, to: commit),
        batches: try workspace.batches(of: commit).map(workspace.summary))
    }
  }
}

/// One version.
public struct ShowResult: Sendable {
  /// The annotated tag by which it was asked for.
  public var tag: TagSummary?
  /// The version.
  public var commit: CommitSummary
  /// What it changed against its first parent.
  public var counts: ChangeCounts
  /// The batches it holds, in order.
  public var batches: [BatchSummary]
}
