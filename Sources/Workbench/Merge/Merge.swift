import History
import Objects
public import Records

/// Brings the changes of another version into the current branch.
public struct MergeRequest: Sendable {
  /// What to merge.
  public var revision: String
  /// The commit's message; nil for "Merge …".
  public var message: String?
  /// How conflicts are decided, by their kind; the others are left to be decided.
  public var policies: [MergeOutcome: MergePolicy]
  /// Whether a commit is made even when the branch could just be moved on.
  public var makesCommit: Bool
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(
    revision: String, message: String? = nil, policies: [MergeOutcome: MergePolicy] = [:],
    makesCommit: Bool = false, dryRun: Bool = false
  ) {
    self.revision = revision
    self.message = message
    self.policies = policies
    self.makesCommit = makesCommit
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> MergeResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      try workspace.refuseDuringMerge()
      let ours = try workspace.resolve("HEAD")
      let theirs = try workspace.resolve(revision)
      let git = try workspace.repository.git()
      var result = MergeResult(
        branch: try workspace.currentBranch(), ours: try workspace.summary(ours),
        theirs: try workspace.summary(theirs))
      if try git.isAncestor(theirs.id, of: ours.id) { return result }
      if try !makesCommit && git.isAncestor(ours.id, of: theirs.id) {
        result.kind = .fastForward
        result.changes = try workspace.counts(from: ours, to: theirs)
        if !dryRun { try fastForward(to: theirs, from: ours, workspace) }
        result.commit = result.theirs
        return result
      }
      let pending = PendingMerge(
        ours: ours.id, theirs: theirs.id, name: revision, message: message ?? "Merge \(revision)")
      try workspace.bring(pending, policies, dryRun: dryRun, &result)
      return result
    }
  }

  private func fastForward(to theirs: Commit, from ours: Commit, _ workspace: Workspace) throws {
    let transaction = try workspace.begin("merge", "merge \(revision): fast-forward")
    try workspace.requireHead(ours)
    try transaction.move(.head, to: theirs.id)
    try transaction.finish()
  }
}

extension Workspace {
  /// Brings two versions together: decides by policy what it can, and makes the version, or waits for decisions.
  func bring(
    _ merge: PendingMerge, _ policies: [MergeOutcome: MergePolicy], dryRun: Bool, _ result: inout MergeResult
  ) throws {
    let merging = try Merging(self, merge)
    let judge = MergeJudge(
      workspace: self, reader: try RecordReader(store), policies: policies, ours: merging.ours,
      theirs: merging.theirs)
    var pending = merge
    for conflict in merging.plan.conflicts {
      guard let choice = try judge.decision(about: conflict) else { continue }
      pending.decide(PendingMerge.Decision(record: conflict.record, choice: choice))
    }
    try merging.describe(pending, &result)
    if dryRun { return }
    if result.open.isEmpty {
      if merge.verb != .merge, merging.plan.isEmpty {
        result.kind = .upToDate
      } else {
        try merging.commit(pending, &result)
      }
    } else {
      try wait(for: pending, conflicts: result.open.count)
    }
  }

  private func wait(for merge: PendingMerge, conflicts: Int) throws {
    let transaction = try begin(
      merge.verb.rawValue, "\(merge.verb.rawValue) \(merge.name): \(conflicts) to decide")
    try refuseDuringMerge()
    guard let ours = try headCommit(), ours.id == merge.ours else { throw Workspace.headMoved }
    try transaction.setMerge(to: merge)
    try transaction.finish()
  }
}

/// Goes on with the merge that waited for decisions: all are made now.
public struct MergeContinueRequest: Sendable {
  /// The commit's message; nil for the one given when the merge began.
  public var message: String?

  /// A request.
  public init(message: String? = nil) { self.message = message }

  /// - Throws: ``Failure`` of kind `no` when a decision is open.
  public func run(in session: Session) throws -> MergeResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let (waiting, merging) = try workspace.pendingMerge()
      var pending = waiting
      if let message { pending.message = message }
      var result = MergeResult(
        waiting.verb, branch: try workspace.currentBranch(), ours: try workspace.summary(merging.ours),
        theirs: try workspace.summary(merging.theirs))
      try merging.describe(pending, &result)
      guard result.open.isEmpty else {
        throw Failure(
          .no,
          "\(result.open.count == 1 ? "one conflict waits" : "\(result.open.count) conflicts wait") for a decision",
          hint: "`mdata conflicts` lists them, `mdata resolve` decides them")
      }
      try merging.commit(pending, waiting: waiting, &result)
      return result
    }
  }
}

/// Gives up the merge that waits for decisions: the branch is as it was before.
public struct MergeAbortRequest: Sendable {
  /// A request.
  public init() {}

  /// - Throws: ``Failure`` of kind `no` when no merge waits.
  public func run(in session: Session) throws -> MergeAbortResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let transaction = try workspace.begin("merge", "")
      guard let pending = try workspace.repository.pendingMerge() else {
        throw Failure(.no, "no merge waits for decisions", hint: "`mdata undo` takes back one that is done")
      }
      transaction.description = "\(pending.verb.rawValue) \(pending.name): given up"
      try transaction.setMerge(to: nil)
      try transaction.finish()
      return MergeAbortResult(
        verb: pending.verb.rawValue, name: pending.name, branch: try workspace.currentBranch(),
        ours: pending.ours.hex, theirs: pending.theirs.hex)
    }
  }
}

/// A merge that was given up. It names versions and says nothing of them: theirs may be lost.
public struct MergeAbortResult: Sendable {
  /// The verb that had begun it.
  public var verb: String
  /// What their version was called.
  public var name: String
  /// The current branch.
  public var branch: String
  /// Our version, in full.
  public var ours: String
  /// Their version, in full.
  public var theirs: String
}

/// What a merge did, or will do.
public struct MergeResult: Sendable {
  /// The ways a merge ends.
  public enum Kind: String, Sendable {
    /// Their version is part of ours.
    case upToDate = "up-to-date"
    /// The branch was moved on to theirs.
    case fastForward = "fast-forward"
    /// Both have changed.
    case merge
  }

  /// The verb that brought them together.
  public var verb: String
  /// How it ended.
  public var kind = Kind.upToDate
  /// The current branch.
  public var branch: String
  /// Our version before.
  public var ours: CommitSummary
  /// Their version.
  public var theirs: CommitSummary
  /// The new version; nil when nothing changed, it was only planned, or decisions are open.
  public var commit: CommitSummary?
  /// How many records came out in each way.
  public var counts: [MergeOutcome: Int] = [:]
  /// What it changes of our version, without what is open.
  public var changes = ChangeCounts()
  /// The same pairs that both sides brought: the record that stays and the one that does not.
  public var duplicates: [(kept: String, dropped: String)] = []
  /// Conflicts that are decided, by record.
  public var decided: [ConflictSummary] = []
  /// Conflicts that wait for a decision, by record.
  public var open: [ConflictSummary] = []

  init(
    _ verb: PendingMerge.Verb = .merge, branch: String, ours: CommitSummary, theirs: CommitSummary
  ) {
    self.verb = verb.rawValue
    self.branch = branch
    self.ours = ours
    self.theirs = theirs
  }
}

/// A conflict, as results name it.
public struct ConflictSummary: Sendable {
  /// Which kind.
  public var outcome: MergeOutcome
  /// The record; of two the one on our side.
  public var record: String
  /// Of the same task on both sides, the record on theirs.
  public var other: String?
  /// The fields and columns that both sides changed.
  public var fields: [String]
  /// The task.
  public var instruction: String
  /// What was decided: `ours`, `theirs`, `both` or `edited`; nil while it is open.
  public var choice: String?
}
