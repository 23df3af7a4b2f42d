/// What reading one file brought.
public struct ImportSummary: Sendable {
  /// The batch, as its shortest unique prefix.
  public var batch: String
  /// The name recorded for the source.
  public var name: String
  /// Rows taken.
  public var rows: Int
  /// The format found or asked for.
  public var format: String
  /// Rows left out because they are malformed.
  public var rejected: Int
  /// The file they went to.
  public var rejects: String?
  /// What was normalised, by kind.
  public var warnings: [String: Int]
}
