import History
import Objects
import Records

/// A decision about a record, as results name it.
public struct DecisionSummary: Sendable {
  /// The commit that made it, in full.
  public var commit: String
  /// Shortest unique prefix of it.
  public var short: String
  /// The verb that made the commit.
  public var verb: String
  /// The record that was decided about.
  public var record: String
  /// `drop`, or what a merge made of its two sides: `ours`, `theirs`, `both`, `edited`.
  public var decision: String
  /// The rule that it fell under.
  public var rule: String
  /// The record that stayed instead, or the one it was chosen against.
  public var other: String?
  /// How alike the two are, from 0 to 1, or what the rule measured.
  public var score: Double?
  /// Where the record that was dropped came from.
  public var origin: OriginSummary?
}

extension Workspace {
  /// The report of a commit that chose among records.
  func report(of commit: CommitID) throws -> Report? {
    try repository.dataset(of: commit).report.map { try Report(parsing: store.read($0, .report)) }
  }

  /// What commits decided about a record, oldest first.
  ///
  /// - Parameters:
  ///   - reader: reads where records came from that were dropped in favour of this one.
  ///   - tip: only commits that this one is or follows; nil for those any reference leads to.
  func decisions(
    about record: RecordID, _ reader: OriginReader, upTo tip: CommitID? = nil
  ) throws -> [DecisionSummary] {
    try repository.index().reasons(about: record, reachableFrom: tip).map { found in
      let reason = found.reason
      return DecisionSummary(
        commit: found.commit.hex, short: try repository.git().shortHex(found.commit), verb: found.verb,
        record: try short(reason.record), decision: reason.decision.rawValue, rule: reason.rule,
        other: try reason.other.map(short), score: reason.score,
        origin: reason.decision == .drop && reason.record != record ? try reader.summary(reason.record) : nil)
    }
  }
}
