import History
import Objects
import Records

/// Asks for the conflicts of the merge that waits for decisions.
public struct ConflictsRequest: Sendable {
  /// A request.
  public init() {}

  /// - Throws: ``Failure`` of kind `no` when no merge waits.
  public func run(in session: Session) throws -> ConflictsResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let (pending, merging) = try workspace.pendingMerge()
      return try merging.conflicts(of: pending)
    }
  }

  /// The conflict of one record.
  ///
  /// - Parameter record: its id, as printed; of two records either.
  /// - Throws: ``Failure`` of kind `missing` when there is none.
  public func conflict(of record: String, in session: Session) throws -> ConflictDetails {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let (pending, merging) = try workspace.pendingMerge()
      return try merging.details(
        merging.conflict(of: record), pending, RecordReader(workspace.store))
    }
  }
}

/// A merge that waits for decisions.
public struct ConflictsResult: Sendable {
  /// What their version was called.
  public var name: String
  /// Their version, in full.
  public var theirs: String
  /// Every conflict, decided or not, in the order of the records.
  public var conflicts: [ConflictDetails]

  /// Those that are open.
  public var open: [ConflictDetails] { conflicts.filter { $0.choice == nil } }
}

/// A conflict with both sides in full.
public struct ConflictDetails: Sendable {
  /// Which kind.
  public var outcome: MergeOutcome
  /// The record; of two the one on our side.
  public var record: String
  /// Of the same task on both sides, the record on theirs.
  public var other: String?
  /// The fields and columns that both sides changed.
  public var fields: [String]
  /// Before both changed it; nil when it was not there, or nobody can say.
  public var base: ConflictSide?
  /// On our side; nil when we removed it.
  public var ours: ConflictSide?
  /// On their side; nil when they removed it.
  public var theirs: ConflictSide?
  /// What was decided; nil while it is open.
  public var choice: String?
}

/// One side of a conflict.
public struct ConflictSide: Sendable {
  /// The record.
  public var content: RecordSide
  /// Where its present content came from.
  public var origin: OriginSummary
  /// The commit that last changed it on this side, as its shortest unique prefix.
  public var commit: String?
}

extension Workspace {
  /// The merge that waits for decisions, computed again.
  ///
  /// - Throws: ``Failure`` of kind `no` when none does, of kind `busy` when the branch has moved since.
  func pendingMerge() throws -> (PendingMerge, Merging) {
    guard let pending = try repository.pendingMerge() else {
      throw Failure(.no, "no merge waits for decisions", hint: "`mdata merge REVISION` begins one")
    }
    guard let head = try headCommit(), head.id == pending.ours else {
      throw Failure(
        .no, "the branch has moved since the \(pending.verb.rawValue) of `\(pending.name)` began",
        hint: "give it up with `mdata merge --abort`, and begin it again")
    }
    return (pending, try Merging(self, pending))
  }
}

extension Merging {
  /// The conflict of a record, or of either of two, by its written id.
  func conflict(of text: String) throws -> MergeConflict {
    let record = try workspace.record(text)
    // By its place: an optional of such a conflict is copied wrongly by Swift 6.3 with optimisation (a crash).
    guard let place = plan.conflicts.firstIndex(where: { $0.record == record || $0.other == record }) else {
      throw Failure(
        .missing, "the record `\(text)` is not in conflict", hint: "`mdata conflicts` lists those that are")
    }
    return plan.conflicts[place]
  }

  /// All conflicts with what was decided.
  func conflicts(of pending: PendingMerge) throws -> ConflictsResult {
    let reader = try RecordReader(workspace.store)
    return ConflictsResult(
      name: pending.name, theirs: pending.theirs.hex,
      conflicts: try plan.conflicts.map { try details($0, pending, reader) })
  }

  fileprivate func details(
    _ conflict: MergeConflict, _ pending: PendingMerge, _ reader: RecordReader
  ) throws -> ConflictDetails {
    var base: ConflictSide?
    if case .entry(let entry?) = conflict.base { base = try side(entry, nil, reader) }
    return ConflictDetails(
      outcome: conflict.outcome, record: try workspace.short(conflict.record),
      other: try conflict.other.map(workspace.short),
      fields: conflict.fields.map { String(decoding: $0.text, as: UTF8.self) }, base: base,
      ours: try conflict.ours.map { try side($0, ours, reader) },
      theirs: try conflict.theirs.map { try side($0, theirs, reader) },
      choice: pending.decision(about: conflict.record)?.choice.rawValue)
  }

  private func side(_ entry: TreeEntry, _ commit: Commit?, _ reader: RecordReader) throws -> ConflictSide {
    let last = try commit.flatMap {
      try workspace.repository.index().changes(of: entry.key, reachableFrom: $0.id).last?.commit
    }
    return ConflictSide(
      content: try reader.side(entry), origin: try reader.origins.summary(entry.origin),
      commit: try last.map { try workspace.repository.git().shortHex($0) })
  }
}
