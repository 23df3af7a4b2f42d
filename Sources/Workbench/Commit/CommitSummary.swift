/// One version, as results name it.
public struct CommitSummary: Sendable {
  /// The commit's id, in full.
  public var commit: String
  /// The shortest prefix of it that is unique, at least eight digits.
  public var short: String
  /// Root of the snapshot tree, in hex.
  public var snapshot: String
  /// How many records the version has.
  public var records: Int
  /// Ids of the parents, in full.
  public var parents: [String]
  /// `Name <address>`.
  public var author: String
  /// Seconds since the Unix epoch.
  public var time: Int64
  /// Minutes east of UTC where the author was.
  public var utcOffset: Int
  /// The message, without its last line end.
  public var message: String
  /// Branches and tags that name it; the current branch first.
  public var names: [String]
  /// What a check of its signature found; nil when none was asked for.
  public var signature: SignatureCheck?
}
