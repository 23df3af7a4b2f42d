import History
import Records

/// A record, or two that belong together, for which somebody has to decide.
struct MergeConflict {
  /// Which kind.
  let outcome: MergeOutcome
  /// The record; of two the one on our side.
  let record: RecordID
  /// Of the same task on both sides, the record on theirs.
  let other: RecordID?
  /// Before both sides changed it.
  let base: BaseState
  /// Its entry on our side; nil when we removed it.
  let ours: TreeEntry?
  /// Its entry on their side; nil when they removed it.
  let theirs: TreeEntry?
  /// The fields that both sides changed.
  let fields: [RecordFields.Name]
}

/// What was decided about a conflict.
enum MergeChoice {
  case ours, theirs
  /// Both answers stay, as two records.
  case both
  /// This instead.
  case fields(RecordFields)
}
