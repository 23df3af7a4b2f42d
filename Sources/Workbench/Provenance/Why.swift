import History
import Objects
public import Records

/// Asks why a version has a record, or has it no longer.
public struct WhyRequest: Sendable {
  /// A record id, as printed.
  public var record: String
  /// The version.
  public var revision: String

  /// A request.
  public init(record: String, revision: String = "HEAD") {
    self.record = record
    self.revision = revision
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> WhyResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let id = try workspace.record(record)
      let commit = try workspace.resolve(revision)
      let reader = try RecordReader(workspace.store)
      let entry = try workspace.tree(of: commit).entry(for: id)
      let changes = try workspace.changes(of: id, upTo: commit.id)
      let decisions = try workspace.decisions(about: id, reader.origins, upTo: commit.id)
      var drop = decisions.last { $0.decision == Reason.Decision.drop.rawValue && $0.isAbout(id, workspace) }
      if entry != nil { drop = nil }
      if entry == nil, changes.isEmpty, drop == nil {
        throw Failure(
          .missing, "the version `\(revision)` never had the record `\(record)`",
          hint: "`mdata blame \(record)` tells which versions have it")
      }
      let last = try entry ?? workspace.lastEntry(of: id, removedBy: changes.last)
      let removal = changes.last.flatMap { $0.kind == .removed ? $0.commit : nil }
      return WhyResult(
        record: try workspace.short(id), commit: try workspace.summary(commit), isPresent: entry != nil,
        instruction: try last.map { try reader.pair($0).instruction } ?? "",
        edit: try entry.flatMap { $0.origin == id ? nil : try reader.origins.summary($0.origin) },
        change: changes.last,
        decisions: decisions, nearest: try drop.flatMap { try nearest(to: last, $0, workspace, reader) },
        choice: entry == nil ? try (drop?.commit ?? removal).flatMap { try choice(of: $0, workspace) } : nil)
    }
  }

  /// What the report of a commit says of how it chose.
  private func choice(of commit: String, _ workspace: Workspace) throws -> WhyResult.Choice? {
    guard let id = CommitID(hex: commit), let report = try workspace.report(of: id) else { return nil }
    return WhyResult.Choice(commit: commit, verb: report.verb, settings: report.settings)
  }

  /// The record that stayed instead, as the version has it that dropped this one.
  private func nearest(
    to entry: TreeEntry?, _ drop: DecisionSummary, _ workspace: Workspace, _ reader: RecordReader
  ) throws -> WhyResult.Nearest? {
    guard let other = drop.other, let id = CommitID(hex: drop.commit) else { return nil }
    let made = try workspace.commit(id)
    let record = try workspace.record(other)
    let kept = try ([made.id] + made.parents).lazy.compactMap {
      try workspace.tree(of: try workspace.commit($0)).entry(for: record)
    }.first
    guard let kept else { return WhyResult.Nearest(record: other, fields: []) }
    // A twin that a merge left out was never on our side.
    let own =
      try entry
      ?? made.parents.dropFirst().lazy.compactMap {
        try workspace.tree(of: try workspace.commit($0)).entry(for: workspace.record(drop.record))
      }.first
    return WhyResult.Nearest(
      record: other,
      fields: try own.map { RecordChange.fields(from: try reader.side($0), to: try reader.side(kept)) } ?? [])
  }
}

/// Why a version has a record, or has it no longer.
public struct WhyResult: Sendable {
  /// The record that stayed instead of another.
  public struct Nearest: Sendable {
    /// Its id.
    public var record: String
    /// What differs, from the dropped one to this.
    public var fields: [FieldChange]
  }

  /// How a commit chose among records.
  public struct Choice: Sendable {
    /// The commit, in full.
    public var commit: String
    /// The verb that made it.
    public var verb: String
    /// The settings that it chose by: an object whose members depend on the verb.
    public var settings: JSONValue
  }

  /// The record.
  public var record: String
  /// The version.
  public var commit: CommitSummary
  /// Whether the version has the record.
  public var isPresent: Bool
  /// Its task, as it is or was last.
  public var instruction: String
  /// Where its present columns came from, when it was edited.
  public var edit: OriginSummary?
  /// The newest change of the record in the version's history; nil when the version never had it.
  public var change: CommitChange?
  /// What merges, filters and deduplications of that history decided about it, oldest first.
  public var decisions: [DecisionSummary]
  /// Of a record that was dropped the one that stayed.
  public var nearest: Nearest?
  /// Of a record that the version does not have how the commit chose that left it out, when its report says so.
  public var choice: Choice?
}

extension DecisionSummary {
  fileprivate func isAbout(_ id: RecordID, _ workspace: Workspace) -> Bool {
    (try? workspace.record(record)) == id
  }
}
