import History
import Objects
public import Records

/// Makes the changes of a patch to the current branch, as a new version.
public struct ApplyRequest: Sendable {
  /// How records are decided that the patch and the version disagree about.
  public enum Policy: Sendable {
    /// As the version has them.
    case ours
    /// As the patch wants them.
    case theirs
  }

  /// The patch: a path, or `-` for standard input.
  public var patch: String
  /// Whether its opposite is applied.
  public var isReversed: Bool
  /// How conflicts are decided; nil for refusing them.
  public var policy: Policy?
  /// The commit's message; nil for "Apply …".
  public var message: String?
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(
    patch: String, isReversed: Bool = false, policy: Policy? = nil, message: String? = nil,
    dryRun: Bool = false
  ) {
    self.patch = patch
    self.isReversed = isReversed
    self.policy = policy
    self.message = message
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> ApplyResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      try workspace.refuseDuringMerge()
      let head = try workspace.resolve("HEAD")
      let file = try PatchFile(patch, session)
      var plan = try ApplyPlan(workspace, head)
      let versions = try file.forEach { line, facts in
        let (old, new) = (try fields(line.old, file), try fields(line.new, file))
        try plan.add(
          line.record, old: isReversed ? new : old, new: isReversed ? old : new, facts)
      }
      let conflicts = try plan.conflicts.map { conflict in
        ApplyConflict(
          record: try workspace.shortest(conflict.record), reason: conflict.reason,
          fields: conflict.fields.map { String(decoding: $0.text, as: UTF8.self) })
      }
      if let policy { try plan.decide(theirs: policy == .theirs) }
      var result = ApplyResult(
        branch: try workspace.currentBranch(), from: versions.from, to: versions.to,
        conflicts: conflicts, isDecided: plan.conflicts.isEmpty, counts: plan.counts,
        unchanged: plan.unchanged)
      if dryRun || !plan.conflicts.isEmpty || plan.isEmpty { return result }
      let transaction = try workspace.begin("apply", "apply \(file.name)")
      try workspace.refuseDuringMerge()
      try workspace.requireHead(head)
      let (edits, made) = try plan.write(into: transaction.pack)
      (result.counts, result.unchanged) = (plan.counts, plan.unchanged)
      if edits.isEmpty { return result }
      let id = try VersionDraft(
        edits: edits,
        batches: workspace.batchOrder(for: edits, in: head, adding: made, time: transaction.time),
        message: message ?? "Apply \(isReversed ? "the opposite of " : "")\(file.name)"
      ).write(onto: head, moving: .head, transaction)
      try transaction.finish()
      result.commit = try workspace.summary(try workspace.commit(id))
      return result
    }
  }

  private func fields(_ row: [UInt8]?, _ file: PatchFile) throws -> RecordFields? {
    do {
      return try row.map { try RecordFields(row: $0) }
    } catch let error as RowFormatError {
      throw file.failure("\(error)")
    }
  }
}

/// What a patch did.
public struct ApplyResult: Sendable {
  /// The current branch.
  public var branch: String
  /// The version that the patch leads from, as it says.
  public var from: String
  /// The version that the patch leads to, as it says.
  public var to: String
  /// The new version; nil when nothing changed, it was only planned, or there are conflicts.
  public var commit: CommitSummary?
  /// Records that the patch and the version disagree about, decided or not.
  public var conflicts: [ApplyConflict]
  /// Whether those are decided.
  public var isDecided: Bool
  /// What it changes.
  public var counts: ChangeCounts
  /// Records that are already as the patch wants them.
  public var unchanged: Int
}

/// A record that a patch and a version disagree about.
public struct ApplyConflict: Sendable {
  /// The record.
  public var record: String
  /// Why, in a clause.
  public var reason: String
  /// The fields that both changed.
  public var fields: [String]
}

extension Workspace {
  /// A record's short form, or its full one when its batch is not in the store.
  fileprivate func shortest(_ record: RecordID) throws -> String {
    try store.batch(record.batch) == nil ? record.description : short(record)
  }
}
