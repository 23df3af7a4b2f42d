import History

/// Names a version by a tag: a light one, or with a message an annotated one, which can be signed.
public struct TagRequest: Sendable {
  /// The tag's name.
  public var name: String
  /// The version it names.
  public var revision: String
  /// Why; nil for a light tag.
  public var message: String?

  /// A request.
  public init(_ name: String, at revision: String = "HEAD", message: String? = nil) {
    self.name = name
    self.revision = revision
    self.message = message
  }

  /// All tags afterwards, in their order.
  ///
  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> [NamedCommit] {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let signer = try workspace.signer(for: .tag)
      if let message {
        try annotate(message, signer, in: workspace)
      } else {
        guard signer == nil else {
          throw Failure(
            .usage, "a signed tag has a message",
            hint:
              "give one with `-m`; `--no-sign` makes a light tag where git's setting `tag.gpgSign` asks for signatures"
          )
        }
        try workspace.createRef(.tag, name, at: revision)
      }
      return try workspace.names(.tag)
    }
  }

  private func annotate(_ message: String, _ signer: Signer?, in workspace: Workspace) throws {
    guard !message.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }) else {
      throw Failure(.usage, "the message is empty", hint: "say what this version is: `-m \"As published\"`")
    }
    let reference = try RefKind.tag.name(name)
    let transaction = try workspace.begin("tag", "make tag \(name)")
    // With the lock: a collection cannot drop it any more.
    let commit = try workspace.resolve(revision)
    // Before a person is asked for a passphrase.
    guard try workspace.repository.git().target(of: reference) == nil else {
      throw GitError.referenceExists(name)
    }
    let identity = transaction.identity
    try transaction.tag(reference, of: commit.id, message: message) { try signer?.sign($0, as: identity) }
    try transaction.finish()
  }
}

/// An annotated tag, as results show it.
public struct TagSummary: Sendable {
  /// The name it was given, which its object holds.
  public var name: String
  /// The id of its object, in full.
  public var object: String
  /// `Name <address>`; nil where an old git left that out.
  public var tagger: String?
  /// Seconds since the Unix epoch.
  public var time: Int64?
  /// Minutes east of UTC where the tagger was.
  public var utcOffset: Int
  /// The message, without its last line end and without a signature.
  public var message: String
  /// What a check of its signature found; nil when none was asked for.
  public var signature: SignatureCheck?
}
