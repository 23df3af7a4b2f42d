import History

/// Who made a commit, and when.
public struct Committer: Sendable {
  /// `Name <address>`.
  public var name: String
  /// Seconds since the Unix epoch.
  public var time: Int64
  /// Minutes east of UTC.
  public var utcOffset: Int
}

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
  /// Who wrote the change: `Name <address>`.
  public var author: String
  /// When the author made it, in seconds since the Unix epoch.
  public var time: Int64
  /// Minutes east of UTC where the author was.
  public var utcOffset: Int
  /// Who committed it, and when: as the author, unless it was taken over from another commit.
  public var committer: Committer
  /// The message, without its last line end.
  public var message: String
  /// Whether the committer is not the author, or was at work at another time.
  public var isTakenOver: Bool { !committer.name.utf8.elementsEqual(author.utf8) || committer.time != time }
  /// Branches and tags that name it; the current branch first.
  public var names: [String]
  /// What a check of its signature found; nil when none was asked for.
  public var signature: SignatureCheck?
}

extension Committer {
  init(_ stamp: GitStamp) {
    self.init(
      name: stamp.identity.text, time: stamp.time.seconds, utcOffset: Int(stamp.time.offset))
  }
}

extension GitIdentity {
  /// `Name <address>`.
  var text: String { "\(name) <\(email)>" }
}
