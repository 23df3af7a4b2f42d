public import Records

/// A commit together with the version of the dataset it is.
public struct Commit: Hashable, Sendable {
  /// The commit as git holds it.
  public let git: GitCommit
  /// Its `dataset.json`.
  public let dataset: Dataset

  /// Its id.
  public var id: CommitID { git.id }
  /// Its parents.
  public var parents: [CommitID] { git.parents }
  /// Its author.
  public var author: GitIdentity { git.author }
  /// When the author made the change.
  public var time: GitTime { git.time }
  /// Its message, without the final line end.
  public var message: String { git.message }
  /// The first line of the message.
  public var summary: String { git.summary }
}

/// Where HEAD stands.
public struct Head: Hashable, Sendable {
  /// The current branch; nil when HEAD names a commit itself.
  public let branch: RefName?
  /// The commit; nil when the branch has none yet.
  public let commit: CommitID?
}
