import History
import Objects
import Records

/// Asks which records versions left out, and why: those of filters, deduplications, decontaminations and merges.
public struct DroppedLogRequest: Sendable {
  /// A branch, tag or commit; or `A..B`, `A...B`.
  public var revision: String
  /// At most this many versions; nil for all.
  public var limit: Int?

  /// A request.
  public init(revision: String = "HEAD", limit: Int? = nil) {
    self.revision = revision
    self.limit = limit
  }

  /// The versions that left records out by a rule, newest first. Others are not among them.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> [DroppedLogStep] {
    try Failure.wrapping {
      try LogRequest.check(limit)
      let workspace = try Workspace(session)
      if revision == "HEAD", try workspace.headCommit() == nil { return [] }
      let span = try HistorySpan(revision, in: workspace)
      var steps: [DroppedLogStep] = []
      for commit in try workspace.repository.log(from: span.tips, excluding: span.hidden, limit: .max) {
        if let limit, steps.count >= limit { break }
        guard let report = try workspace.report(of: commit.id) else { continue }
        let dropped = try dropped(by: commit.id, report, workspace)
        guard !dropped.isEmpty else { continue }
        steps.append(DroppedLogStep(commit: try workspace.summary(commit), dropped: dropped))
      }
      return steps
    }
  }

  private func dropped(by commit: CommitID, _ report: Report, _ workspace: Workspace) throws
    -> [DecisionSummary]
  {
    let short = try workspace.repository.git().shortHex(commit)
    var found: [DecisionSummary] = []
    for id in report.reasons {
      for reason in try Reasons(parsing: workspace.store.read(id, .reasons)).list
      where reason.decision == .drop {
        found.append(
          DecisionSummary(
            commit: commit.hex, short: short, verb: report.verb, record: try workspace.short(reason.record),
            decision: reason.decision.rawValue, rule: reason.rule,
            other: try reason.other.map(workspace.short),
            score: reason.score))
      }
    }
    return found
  }
}

/// A version that left records out.
public struct DroppedLogStep: Sendable {
  /// The version.
  public let commit: CommitSummary
  /// What it left out, in the order of the records.
  public let dropped: [DecisionSummary]
}
