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

  /// A file, or a branch, which gets the version; with ``dryRun`` any version.
  public var revision: String
  /// Versions and files whose items are dropped from this one; when there are any, duplicates within it stay.
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
  /// Of how many dropped rows of a file the task is told.
  public var examples = 0

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
      let source = try PairSource(revision, in: session)
      let others = try minus.map { try NamedSource($0, in: session) }
      let file = try report.map { try ExportFile(session.path($0), fileSystem: session.fileSystem) }
      let removal = RecordRemoval<DedupPlan>(
        verb: "dedup", branch: revision, settings: { try settings(minus: others) },
        message: { message ?? "Drop \($0) duplicate\($0 == 1 ? "" : "s")" },
        plan: { try DedupPlan(of: $0, minus: others, self, session) }, reasons: \.reasons)
      let (plan, looked, made) = try removal.run(on: source, makesVersion: !dryRun, file: file) {
        try tell($0, $1, file, session, each)
      }
      var rules: [String: Int] = [:]
      for drop in plan.drops { rules[drop.rule, default: 0] += 1 }
      let (from, commit) = try looked.summaries(made)
      return DedupResult(
        from: from, commit: commit, records: plan.items.count, dropped: plan.drops.count,
        rules: rules.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  private func tell(
    _ plan: DedupPlan, _ source: PairSource, _ file: ExportFile?, _ session: Session,
    _ each: (DroppedRecord) throws -> Void
  ) throws {
    func tell(_ dropped: DroppedRecord) throws {
      try each(dropped)
      try file?.write(line: dropped.json)
    }
    guard case .version(_, let workspace) = source else {
      let texts = try source.texts(
        at: Set(plan.drops.prefix(examples).map(\.item)), of: [.instruction], session)
      for drop in plan.drops {
        try tell(
          DroppedRecord(
            dropped: .integer(drop.item + 1), kept: drop.other.json(nil), rule: drop.rule, score: drop.score,
            instruction: texts[drop.item]))
      }
      return
    }
    let reader = try RecordReader(workspace.store)
    for (record, drop) in plan.recordDrops {
      let other = drop.otherItem.map { plan.items.entries[$0] } ?? drop.otherEntry
      let sides = try other.map { other in
        (old: try reader.side(plan.items.entries[drop.item]), new: try reader.side(other))
      }
      try tell(
        DroppedRecord(
          dropped: .string(workspace.short(record)), kept: drop.other.json(workspace), rule: drop.rule,
          score: drop.score,
          instruction: sides == nil ? reader.pair(plan.items.entries[drop.item]).instruction : nil,
          sides: sides))
    }
  }
}

/// What a deduplication did or would do.
public struct DedupResult: Sendable {
  /// The version that was looked at; nil for a file.
  public var from: CommitSummary?
  /// The new version; nil when nothing was dropped or it was only planned.
  public var commit: CommitSummary?
  /// Records that were compared.
  public var records: Int
  /// Records that are dropped.
  public var dropped: Int
  /// How many fell under each rule, by name.
  public var rules: [(name: String, count: Int)]
}
