import History
public import Records

/// Asks for one version.
public struct ShowRequest: Sendable {
  /// A branch, tag or commit.
  public var revision: String

  /// A request.
  public init(revision: String) { self.revision = revision }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> ShowResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let parent = try commit.parents.first.map { try workspace.commit($0) }
      return ShowResult(
        commit: try workspace.summary(commit),
        counts: try workspace.counts(from: parent, to: commit),
        batches: try workspace.batches(of: commit).map(workspace.summary))
    }
  }
}

/// One version.
public struct ShowResult: Sendable {
  /// The version.
  public var commit: CommitSummary
  /// What it changed against its first parent.
  public var counts: ChangeCounts
  /// The batches it holds, in order.
  public var batches: [BatchSummary]
}
