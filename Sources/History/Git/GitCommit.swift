/// A commit as git holds it.
public struct GitCommit: Hashable, Sendable {
  /// Its id.
  public let id: CommitID
  /// The id of its tree object.
  public let tree: CommitID
  /// Its parents: none for the first commit, two or more for a merge.
  public let parents: [CommitID]
  /// Who wrote the change.
  public let author: GitIdentity
  /// When the author made it.
  public let time: GitTime
  /// The message without its final line end.
  public let message: String

  /// The first line of the message.
  public var summary: String { String(message.prefix { $0 != "\n" && $0 != "\r\n" }) }
}

/// What a commit is made of.
public struct GitCommitDraft: Sendable {
  /// The commits it follows.
  public var parents: [CommitID]
  /// Its files: slash-separated path to contents.
  public var files: [String: [UInt8]]
  /// Author and committer.
  public var identity: GitIdentity
  /// The moment for both.
  public var time: GitTime
  /// The message.
  public var message: String

  /// A draft.
  public init(
    parents: [CommitID], files: [String: [UInt8]], identity: GitIdentity, time: GitTime, message: String
  ) {
    self.parents = parents
    self.files = files
    self.identity = identity
    self.time = time
    self.message = message
  }
}
