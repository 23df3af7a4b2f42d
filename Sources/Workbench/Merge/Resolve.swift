import History
import Objects
import Records

/// Decides conflicts of the merge that waits.
public struct ResolveRequest: Sendable {
  /// Which conflicts.
  public enum Which: Sendable {
    /// That of this record, as printed.
    case record(String)
    /// All open ones of these kinds.
    case open([MergeOutcome])
  }

  /// How.
  public enum How: Sendable {
    case policy(MergePolicy)
    /// The row in this file: one JSON object, the fields of the pair with columns beside them. `-` is standard input.
    case rowFile(String)
    /// As it was before: open.
    case reopen
  }

  /// Which conflicts.
  public var which: Which
  /// How.
  public var how: How

  /// A request.
  public init(_ which: Which, how: How) {
    self.which = which
    self.how = how
  }

  private static let longestRow = 64 << 20

  /// - Throws: ``Failure``; then nothing was decided.
  public func run(in session: Session) throws -> ConflictsResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let (before, merging) = try workspace.pendingMerge()
      let transaction = try workspace.begin("resolve", "")
      guard var pending = try workspace.repository.pendingMerge(), pending.ours == before.ours,
        pending.theirs == before.theirs
      else { throw Workspace.headMoved }
      let chosen = try conflicts(in: merging, pending)
      let judge = try MergeJudge(merging, workspace, policy: how)
      for conflict in chosen {
        if case .reopen = how {
          pending.reopen(conflict.record)
        } else if let decision = try decision(about: conflict, judge, transaction, session) {
          pending.decide(decision)
        }
      }
      transaction.description = "resolve \(chosen.count == 1 ? "a conflict" : "\(chosen.count) conflicts")"
      // Before anything is decided: a full disk may keep the index from being asked, and what failed has changed nothing.
      let result = try merging.conflicts(of: pending)
      if pending != before {
        try transaction.setMerge(to: pending)
        try transaction.finish()
      } else {
        transaction.abandon()
      }
      return result
    }
  }

  private func conflicts(in merging: Merging, _ pending: PendingMerge) throws -> [MergeConflict] {
    switch which {
    case .record(let text): return [try merging.conflict(of: text)]
    case .open(let outcomes):
      return merging.plan.conflicts.filter {
        outcomes.contains($0.outcome) && pending.decision(about: $0.record) == nil
      }
    }
  }

  private func decision(
    about conflict: MergeConflict, _ judge: MergeJudge, _ transaction: Transaction, _ session: Session
  ) throws -> PendingMerge.Decision? {
    switch how {
    case .reopen: return nil
    case .policy:
      if let choice = try judge.decision(about: conflict) {
        return PendingMerge.Decision(record: conflict.record, choice: choice)
      }
      guard case .record(let text) = which else { return nil }
      throw Failure(
        .no,
        "that does not decide the conflict of `\(text)`: what it compares is missing on a side, or equal",
        hint: "choose `--ours`, `--theirs` or `--both`, or write it with `--edit`")
    case .rowFile(let path):
      let file =
        path == "-"
        ? InputFile(descriptor: session.standardInput, named: "standard input")
        : try InputFile(session.path(path))
      let fields = try RecordFields(row: SmallFile.bytes(file, limit: Self.longestRow))
      return PendingMerge.Decision(
        record: conflict.record, choice: .edited, pair: try transaction.pack.add(.pair, fields.pair),
        columns: fields.columnsJSON)
    }
  }
}

extension MergeJudge {
  fileprivate init(_ merging: Merging, _ workspace: Workspace, policy how: ResolveRequest.How) throws {
    var policies: [MergeOutcome: MergePolicy] = [:]
    if case .policy(let policy) = how { for outcome in MergeOutcome.allCases { policies[outcome] = policy } }
    self.init(
      workspace: workspace, reader: try RecordReader(workspace.store), policies: policies, ours: merging.ours,
      theirs: merging.theirs)
  }
}
