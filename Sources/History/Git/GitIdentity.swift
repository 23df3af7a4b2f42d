import CGit2

/// Who made a commit.
public struct GitIdentity: Hashable, Sendable {
  /// The person's name.
  public let name: String
  /// The person's address.
  public let email: String

  /// An identity.
  public init(name: String, email: String) {
    self.name = name
    self.email = email
  }

  /// `user.name` and `user.email` of git's configuration: of the user, the system and, when `directory` lies in
  /// a git repository, of that repository. Nil when one of them is not set.
  public static func configured(near directory: String? = nil) throws(GitError) -> GitIdentity? {
    let settings = try GitSettings(near: directory)
    guard let name = settings.text("user.name"), let email = settings.text("user.email") else { return nil }
    return GitIdentity(name: name, email: email)
  }

  /// The identity without the characters that git leaves out at either end.
  ///
  /// - Throws: ``GitError/refused(_:code:text:)`` when nothing is left, or one holds `<`, `>` or a line end.
  func asGitWritesIt() throws(GitError) -> GitIdentity {
    for text in [name, email] where text.utf8.contains(where: { $0 == 0 || $0 == 10 }) {
      throw .badName(text, "an author cannot hold U+0000 or a line end")
    }
    var signature: UnsafeMutablePointer<git_signature>?
    defer { git_signature_free(signature) }
    try GitCall.check("use the author `\(name) <\(email)>`", of: "author") {
      git_signature_new(&signature, name, email, 0, 0)
    }
    guard let found = signature?.pointee else {
      throw .refused("use the author `\(name) <\(email)>`", code: 0, text: "nothing was made")
    }
    return GitIdentity(name: String(cString: found.name), email: String(cString: found.email))
  }
}

/// Who did something, and when.
public struct GitStamp: Hashable, Sendable {
  /// Who.
  public let identity: GitIdentity
  /// When.
  public let time: GitTime

  /// A stamp.
  public init(identity: GitIdentity, time: GitTime) {
    self.identity = identity
    self.time = time
  }
}

/// A moment as git records it.
public struct GitTime: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public let seconds: Int64
  /// The local clock's distance from UTC, in minutes east.
  public let offset: Int32

  /// A moment.
  public init(seconds: Int64, offset: Int32 = 0) {
    self.seconds = seconds
    self.offset = offset
  }

  /// Orders by the moment, whatever the offset.
  public static func < (left: GitTime, right: GitTime) -> Bool { left.seconds < right.seconds }
}
