import History
import Objects
import Records

/// Gives records scores: numbers that a judge, a person or a query says of them.
///
/// A score is a column of its record that the batch of the edit calls a score; the pair stays. A record of which nothing is
/// said stays as it is.
public struct ScoreRequest: Sendable {
  /// Where the numbers are.
  public enum Source: Sendable {
    /// In a file whose rows name records by `record` or `pair`, or by a column of the records.
    ///
    /// - Parameters:
    ///   - file: a path, an `https://` address, or `-` for standard input.
    ///   - name: the name that is recorded for it.
    ///   - key: the column of the records.
    ///   - columns: score → column; empty for every column of numbers.
    case file(String, name: String?, key: String?, columns: [String: String])
    /// The rows of a query: `record`, and a column for each score.
    ///
    /// - Parameters:
    ///   - text: one SELECT.
    ///   - timeLimit: seconds that it may work.
    ///   - memoryLimit: bytes that SQLite may take from now on in this process; nil for no limit.
    case query(String, timeLimit: Double, memoryLimit: Int?)
  }

  /// The branch; with ``dryRun`` any version.
  public var revision: String
  /// Where the numbers are.
  public var source: Source
  /// The commit's message; nil for one that says what was scored.
  public var message: String?
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(_ source: Source, revision: String = "HEAD", message: String? = nil, dryRun: Bool = false) {
    self.source = source
    self.revision = revision
    self.message = message
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> ScoreResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let before = try workspace.resolve(revision)
      let branch = try workspace.repository.head().branch
      if !dryRun {
        try workspace.refuseDuringMerge()
        _ = try workspace.branch(of: revision)
        if case .always = session.signing { _ = try workspace.signer(for: .commit) }
      }
      // A file is read once, and without the lock: it may be a pipe, or slow.
      let scores = try ScoreSource(source, workspace)
      return try workspace.writing { writer in
        var plan = try scores.plan(of: before, in: workspace, writer: dryRun ? nil : writer)
        if dryRun || plan.edited == 0 {
          writer.discard()
          return try result(plan, scores, of: before, nil, workspace)
        }
        let transaction = try workspace.begin("score", "", pack: writer)
        try workspace.refuseDuringMerge()
        try workspace.requireBranch(branch)
        let now = try workspace.resolve(revision)
        // Whoever committed meanwhile may have edited or removed what is scored.
        if now.id != before.id {
          plan = try scores.plan(of: now, in: workspace, writer: transaction.pack)
          guard plan.edited > 0 else { return try result(plan, scores, of: now, nil, workspace) }
        }
        let text = message ?? plan.summary(scores.names)
        transaction.description = "score \(revision): \(text.prefix { $0 != "\n" })"
        let edits = plan.entries.map(TreeEdit.put)
        let id = try VersionDraft(
          edits: edits,
          batches: workspace.batchOrder(for: edits, in: now, adding: plan.batches, time: transaction.time),
          message: text
        ).write(onto: now, moving: workspace.branch(of: revision), transaction)
        try transaction.finish()
        return try result(plan, scores, of: now, workspace.commit(id), workspace)
      }
    }
  }

  private func result(
    _ plan: ScorePlan, _ source: ScoreSource, of from: Commit, _ made: Commit?, _ workspace: Workspace
  ) throws -> ScoreResult {
    ScoreResult(
      from: try workspace.summary(from), commit: try made.map(workspace.summary),
      branch: revision == "HEAD" ? try workspace.currentBranch() : revision, rows: source.rows,
      edited: plan.edited, unchanged: plan.unchanged, silent: source.silentRows,
      scores: zip(source.names, plan.tallies).map { name, tally in
        ScoreResult.Score(
          name: name, records: tally.records,
          range: tally.records == 0
            ? nil : (tally.least, tally.sum / Double(tally.records), tally.greatest))
      }, file: source.file?.name, sha256: source.file?.sha256.hex, query: source.query)
  }
}

extension ScorePlan {
  /// What was done, in a sentence.
  fileprivate func summary(_ names: [String]) -> String {
    "Score \(edited) record\(edited == 1 ? "" : "s"): \(names.joined(separator: ", "))"
  }
}

/// What was scored, or will be.
public struct ScoreResult: Sendable {
  /// What was said of one score.
  public struct Score: Sendable {
    /// Its name.
    public var name: String
    /// Records of which it was said.
    public var records: Int
    /// The least, the mean and the greatest number; nil when it was said of none.
    public var range: (least: Double, mean: Double, greatest: Double)?
  }

  /// The version that was scored.
  public var from: CommitSummary
  /// The new version; nil when nothing changed or it was only planned.
  public var commit: CommitSummary?
  /// The branch, or whatever version was looked at.
  public var branch: String
  /// Rows of the file or the query.
  public var rows: Int
  /// Records that were edited, or would be.
  public var edited: Int
  /// Records that had all these scores already.
  public var unchanged: Int
  /// Rows that say nothing: what they name stays unscored.
  public var silent: Int
  /// The scores, in the order of the columns.
  public var scores: [Score]
  /// The file; nil for a query.
  public var file: String?
  /// The digest of its decompressed bytes, in hex.
  public var sha256: String?
  /// The query; nil for a file.
  public var query: String?
}
