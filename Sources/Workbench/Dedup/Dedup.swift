import Curation
import History
import Objects
import Records

/// Drops records that are duplicates of others.
public struct DedupRequest: Sendable {
  /// How far likeness reaches.
  public enum Link: String, Sendable, CaseIterable {
    /// What is dropped is itself alike to what stays in its place.
    case star
    /// Likeness is handed on: of everything that is linked through others, one stays.
    case chain
  }

  /// A branch, which gets the version; with ``dryRun`` any version.
  public var revision: String
  /// Versions whose records are dropped from this one; when there are any, duplicates within it stay.
  public var minus: [String]
  /// When two records are duplicates.
  public var measure: DedupMeasure
  /// Which of them stays.
  public var keep: DedupPreference
  /// How far likeness reaches.
  public var link: Link
  /// Whether none of them stays.
  public var dropsAll: Bool
  /// A file for one line a dropped record; nil for none.
  public var report: String?
  /// The commit's message; nil for one that says how many.
  public var message: String?
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(
    revision: String = "HEAD", minus: [String] = [], measure: DedupMeasure = DedupMeasure(),
    keep: DedupPreference = .first, link: Link = .star, dropsAll: Bool = false,
    report: String? = nil, message: String? = nil, dryRun: Bool = false
  ) {
    self.revision = revision
    self.minus = minus
    self.measure = measure
    self.keep = keep
    self.link = link
    self.dropsAll = dropsAll
    self.report = report
    self.message = message
    self.dryRun = dryRun
  }

  /// - Parameter each: gets every dropped record, in order, with what stays in its place.
  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session, each: (DroppedRecord) throws -> Void = { _ in }) throws -> DedupResult
  {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let others = try minus.map(workspace.resolve)
      let file = try report.map { try ExportFile(session.path($0), fileSystem: session.fileSystem) }
      if dryRun {
        let commit = try workspace.resolve(revision)
        let plan = try plan(of: commit, others, workspace)
        try describe(plan, file, workspace, each)
        try file?.commit()
        return try result(plan, of: commit, nil, workspace)
      }
      try workspace.refuseDuringMerge()
      let branch = try workspace.branch(of: revision)
      let before = try workspace.resolve(revision)
      var plan = try plan(of: before, others, workspace)
      if plan.drops.isEmpty {
        try file?.commit()
        return try result(plan, of: before, nil, workspace)
      }
      let transaction = try workspace.begin("dedup", "")
      try workspace.refuseDuringMerge()
      let now = try workspace.resolve(revision)
      // Whoever committed meanwhile may have brought duplicates or removed what was to stay.
      if now.id != before.id { plan = try self.plan(of: now, others, workspace) }
      try describe(plan, file, workspace, each)
      let text = message ?? "Drop \(plan.drops.count) duplicate\(plan.drops.count == 1 ? "" : "s")"
      transaction.description = "dedup \(revision): \(text.prefix { $0 != "\n" })"
      let id = try VersionDraft(
        edits: plan.drops.map { .remove($0.entry.key) },
        report: plan.report(self, minus: others, into: transaction.pack), message: text
      ).write(onto: now, moving: branch, transaction)
      try transaction.finish()
      // Only now is it true.
      try file?.commit()
      return try result(plan, of: now, workspace.commit(id), workspace)
    }
  }

  private func plan(of commit: Commit, _ others: [Commit], _ workspace: Workspace) throws -> DedupPlan {
    others.isEmpty
      ? try DedupPlan(of: commit, self, in: workspace)
      : try DedupPlan(of: commit, minus: others, self, in: workspace)
  }

  private func describe(
    _ plan: DedupPlan, _ file: ExportFile?, _ workspace: Workspace, _ each: (DroppedRecord) throws -> Void
  ) throws {
    let reader = try RecordReader(workspace.store)
    for drop in plan.drops {
      let dropped = DroppedRecord(
        record: try workspace.short(drop.entry.key), other: try workspace.short(drop.other.key),
        rule: drop.rule, score: drop.score, old: try reader.side(drop.entry),
        new: try reader.side(drop.other))
      try each(dropped)
      if let file { try dropped.line.withUnsafeBytes { try file.write($0) } }
    }
  }

  private func result(
    _ plan: DedupPlan, of commit: Commit, _ made: Commit?, _ workspace: Workspace
  ) throws -> DedupResult {
    var rules: [String: Int] = [:]
    for drop in plan.drops { rules[drop.rule, default: 0] += 1 }
    return DedupResult(
      from: try workspace.summary(commit), commit: try made.map(workspace.summary), records: plan.records,
      dropped: plan.drops.count, rules: rules.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }
}

/// What a deduplication did or would do.
public struct DedupResult: Sendable {
  /// The version that was looked at.
  public var from: CommitSummary
  /// The new version; nil when nothing was dropped or it was only planned.
  public var commit: CommitSummary?
  /// Records that were compared.
  public var records: Int
  /// Records that are dropped.
  public var dropped: Int
  /// How many fell under each rule, by name.
  public var rules: [(name: String, count: Int)]
}
