import History
import Records

/// How conflicts are decided without asking.
public enum MergePolicy: Sendable, Hashable {
  /// As our side has it.
  case ours
  /// As their side has it.
  case theirs
  /// Both answers stay, as two records.
  case both
  /// The answer with the higher score; nil for the only score that both have.
  case bestScore(String?)
  /// As the side has it that was committed later.
  case newest
}

/// Decides conflicts by policy.
struct MergeJudge {
  let workspace: Workspace
  let reader: RecordReader
  let policies: [MergeOutcome: MergePolicy]
  let ours: Commit
  let theirs: Commit

  /// What a policy says; nil when there is none for this kind of conflict, or it cannot say.
  func decision(about conflict: MergeConflict) throws -> PendingMerge.Decision.Choice? {
    switch policies[conflict.outcome] {
    case nil: nil
    case .ours: .ours
    case .theirs: .theirs
    case .both: .both
    case .bestScore(let name): try best(conflict, name)
    case .newest: try newest(conflict)
    }
  }

  private func best(_ conflict: MergeConflict, _ name: String?) throws -> PendingMerge.Decision.Choice? {
    guard let ours = conflict.ours, let theirs = conflict.theirs else { return nil }
    let left = try reader.origins.provenance(ours).scores
    let right = try reader.origins.provenance(theirs).scores
    let shared = left.compactMap { score in
      right.first { $0.name.utf8.elementsEqual(score.name.utf8) }.map { (score, $0) }
    }
    let wanted = name.map { name in shared.filter { $0.0.name.utf8.elementsEqual(name.utf8) } } ?? shared
    guard wanted.count == 1, let (one, other) = wanted.first, one.value != other.value else { return nil }
    return one.value > other.value ? .ours : .theirs
  }

  private func newest(_ conflict: MergeConflict) throws -> PendingMerge.Decision.Choice? {
    let left = try lastChange(of: conflict.record, upTo: ours)
    let right = try lastChange(of: conflict.other ?? conflict.record, upTo: theirs)
    guard let left, let right, left != right else { return nil }
    return left > right ? .ours : .theirs
  }

  /// When a version's history last changed a record, in seconds since 1970.
  private func lastChange(of record: RecordID, upTo commit: Commit) throws -> Int64? {
    let changes = try workspace.repository.index().changes(of: record, reachableFrom: commit.id)
    return try changes.map { try workspace.repository.git().commit($0.commit).commitment.time.seconds }.max()
  }
}
