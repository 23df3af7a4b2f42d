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
        staged: try staged.map { try workspace.summary(workspace.newBatch($0.batch)) },
        merge: try workspace.repository.pendingMerge().map { merge in
          WaitingMerge(
            verb: merge.verb.rawValue, name: merge.name, theirs: merge.theirs.hex,
            decided: merge.decisions.count)
        })
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
  /// The merge that waits for decisions.
  public var merge: WaitingMerge?
}

/// A merge that waits for decisions, as results name it.
public struct WaitingMerge: Sendable {
  /// The verb that began it: `merge`, `cherry-pick` or `revert`.
  public var verb: String
  /// What their version was called.
  public var name: String
  /// Their version, in full.
  public var theirs: String
  /// How many conflicts are decided.
  public var decided: Int
}
