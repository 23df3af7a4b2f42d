/// How many records were added, edited and removed between two versions.
public struct ChangeCounts: Hashable, Sendable {
  /// Records only in the new version.
  public var added: Int
  /// Records in both with different content or columns.
  public var edited: Int
  /// Records only in the old version.
  public var removed: Int

  /// Counts of records; none unless given.
  public init(added: Int = 0, edited: Int = 0, removed: Int = 0) {
    (self.added, self.edited, self.removed) = (added, edited, removed)
  }

  /// All changes.
  public var total: Int { added + edited + removed }

  /// Whether nothing changed.
  public var isEmpty: Bool { added == 0 && edited == 0 && removed == 0 }
}
