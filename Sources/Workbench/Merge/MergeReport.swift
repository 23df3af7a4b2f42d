import History
import Objects
import Records

/// Why a merged version has records as they are: what stayed of pairs that both sides brought, and how conflicts were
/// decided.
struct MergeReport {
  private let merge: PendingMerge
  private let reasons: [Reason]

  init(_ plan: MergePlan, _ merge: PendingMerge) {
    var reasons = plan.duplicates.map { twin in
      Reason(
        record: twin.dropped, decision: .drop, rule: MergeOutcome.duplicate.rawValue, other: twin.kept,
        score: 1)
    }
    for conflict in plan.conflicts {
      guard let choice = merge.decision(about: conflict.record)?.choice else { continue }
      reasons.append(
        Reason(
          record: conflict.record, decision: Reason.Decision(choice), rule: conflict.outcome.rawValue,
          other: conflict.other))
    }
    self.merge = merge
    self.reasons = reasons.sorted { $0.record < $1.record }
  }

  /// Writes the report; nil when there is nothing to say.
  func write(into pack: PackWriter) throws -> ObjectID? {
    if reasons.isEmpty { return nil }
    var writer = ReportWriter(pack)
    for reason in reasons { try writer.append(reason) }
    return try writer.finish(
      verb: merge.verb.rawValue, settings: .object([JSONMember("name", .string(merge.name))]))
  }
}

extension Reason.Decision {
  fileprivate init(_ choice: PendingMerge.Decision.Choice) {
    self =
      switch choice {
      case .ours: .ours
      case .theirs: .theirs
      case .both: .both
      case .edited: .edited
      }
  }
}
