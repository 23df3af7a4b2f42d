/// How a record that either side changed comes out of a merge.
public enum MergeOutcome: String, Sendable, CaseIterable {
  /// Only our side changed it.
  case left
  /// Only their side changed it.
  case right
  /// Both changed it to the same.
  case convergent
  /// Both changed it, in different fields.
  case fieldMerged = "field-merged"
  /// Both added the same pair: one record is kept, and the other's origin is noted.
  case duplicate = "duplicate-across-sides"
  /// Both changed the same field, each in its own way.
  case editEdit = "edit/edit"
  /// One side changed what the other removed.
  case editDelete = "edit/delete"
  /// Both added an answer of their own to the same task.
  case sameTask = "same-task-different-answer"

  /// Whether somebody has to decide.
  public var isConflict: Bool { self == .editEdit || self == .editDelete || self == .sameTask }
}
