/// Everything that is known of one training.
public struct RunDetails: Sendable {
  /// What was recorded; nil of a folder whose training is still going on, or ended without a result.
  public var run: RunSummary?
  /// The folder of the result; nil when it was not found.
  public var folder: RunFolder?
  /// Its steps; nil when there is no `metrics.jsonl`.
  public var curve: RunCurve?
}

/// The folder that a training wrote to, as it is now.
public struct RunFolder: Sendable {
  /// How something in the folder compares with what was recorded.
  public enum State: String, Sendable {
    /// It is what was recorded.
    case intact
    /// It is something else.
    case changed
    /// It is not there.
    case missing
    /// It was not looked at, or nothing was recorded to compare it with.
    case unchecked
  }

  /// Its path, as it was given, or relative to where the user stands.
  public var path: String
  /// The model's files.
  public var model: State
  /// `metrics.jsonl`.
  public var metrics: State
}
