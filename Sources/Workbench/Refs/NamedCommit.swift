/// A branch or a tag.
public struct NamedCommit: Sendable {
  /// Its name, without `refs/heads/` or `refs/tags/`.
  public var name: String
  /// The commit it points at, in full.
  public var commit: String
  /// Shortest unique prefix of the commit.
  public var short: String
  /// Whether it is the branch that commits go to.
  public var isCurrent: Bool
  /// The annotated tag; nil for a branch and for a light tag.
  public var tag: TagSummary?
}
