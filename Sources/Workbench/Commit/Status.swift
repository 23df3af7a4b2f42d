import History

/// Asks where the repository stands.
public struct StatusRequest: Sendable {
  /// A request.
  public init() {}

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> StatusResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let staged = try workspace.repository.stagedBatches()
      return StatusResult(
        branch: try workspace.currentBranch(),
        head: try workspace.headCommit().map(workspace.summary),
        staged: try staged.map { try workspace.summary(workspace.newBatch($0.batch)) })
    }
  }
}

/// Where the repository stands.
public struct StatusResult: Sendable {
  /// The branch commits go to.
  public var branch: String
  /// Its newest commit; nil before the first.
  public var head: CommitSummary?
  /// What the next commit will bring.
  public var staged: [ImportSummary]
}
