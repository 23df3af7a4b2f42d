/// A commit as git holds it.
public struct GitCommit: Hashable, Sendable {
  /// Its id.
  public let id: CommitID
  /// The id of its tree object.
  public let tree: CommitID
  /// Its parents: none for the first commit, two or more for a merge.
  public let parents: [CommitID]
  /// Who wrote the change, and when.
  public let authorship: GitStamp
  /// Who made the commit, and when: somebody else, or later, when the change was taken over from another commit.
  public let commitment: GitStamp
  /// The message without its final line end.
  public let message: String

  /// Who wrote the change.
  public var author: GitIdentity { authorship.identity }
  /// When the author made it.
  public var time: GitTime { authorship.time }

  /// The first line of the message.
  public var summary: String { String(message.prefix { $0 != "\n" && $0 != "\r\n" }) }
}

/// What a commit is made of.
public struct GitCommitDraft: Sendable {
  /// The commits it follows.
  public var parents: [CommitID]
  /// Its files: slash-separated path to contents.
  public var files: [String: [UInt8]]
  /// The committer.
  public var identity: GitIdentity
  /// When it is committed.
  public var time: GitTime
  /// Who wrote the change, and when; nil for the committer, at the same moment.
  public var author: GitStamp?
  /// The message.
  public var message: String

  /// A draft.
  public init(
    parents: [CommitID], files: [String: [UInt8]], identity: GitIdentity, time: GitTime,
    author: GitStamp? = nil, message: String
  ) {
    self.parents = parents
    self.files = files
    self.identity = identity
    self.time = time
    self.author = author
    self.message = message
  }
}
