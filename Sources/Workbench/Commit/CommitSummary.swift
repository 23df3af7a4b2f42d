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
}

/// How many records were added, edited and removed.
public struct ChangeCounts: Sendable, Equatable {
  /// Records only in the new version.
  public var added = 0
  /// Records in both with different content or columns.
  public var edited = 0
  /// Records only in the old version.
  public var removed = 0

  /// No change.
  public init() {}

  /// Whether nothing changed.
  public var isEmpty: Bool { added == 0 && edited == 0 && removed == 0 }
}
