import History

/// Asks whether commits are signed by somebody who is known.
public struct VerifyCommitRequest: Sendable {
  /// Branches, tags or commits.
  public var revisions: [String]

  /// A request.
  public init(revisions: [String]) { self.revisions = revisions }

  /// One finding a revision, in the order in which they were asked for.
  ///
  /// - Throws: ``Failure``, also when the program that checks signatures cannot be run.
  public func run(in session: Session) throws -> [VerifiedCommit] {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let verifier = try workspace.verifier()
      let git = try workspace.repository.git()
      return try revisions.map { revision in
        let commit = try workspace.resolve(revision).id
        return VerifiedCommit(
          commit: commit.hex, short: try git.shortHex(commit),
          signature: try verifier.check(git.signedText(ofCommit: commit)))
      }
    }
  }
}

/// A commit and what its signature says.
public struct VerifiedCommit: Sendable {
  /// The commit's id, in full.
  public var commit: String
  /// The shortest prefix of it that is unique.
  public var short: String
  /// What was found.
  public var signature: SignatureCheck
}

/// Asks whether tags are signed by somebody who is known.
public struct VerifyTagRequest: Sendable {
  /// Names of tags.
  public var names: [String]

  /// A request.
  public init(names: [String]) { self.names = names }

  /// One finding a tag, in the order in which they were asked for. A light tag is not signed.
  ///
  /// - Throws: ``Failure``, also when the program that checks signatures cannot be run.
  public func run(in session: Session) throws -> [VerifiedTag] {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let verifier = try workspace.verifier()
      let git = try workspace.repository.git()
      return try names.map { short in
        let name = try RefKind.tag.name(short)
        guard let commit = try git.commit(at: name) else { throw try workspace.absent(.tag, short) }
        guard let tag = try git.tag(at: name) else {
          let reason = "it is a light tag: a name alone, which nothing can sign"
          return VerifiedTag(
            name: short, object: nil, commit: commit.hex,
            signature: SignatureCheck(.unsigned, details: [reason]))
        }
        let check = try verifier.check(git.signedText(ofTag: tag.id))
        return VerifiedTag(
          name: short, object: tag.id.hex, commit: commit.hex, signature: check.of(tag.name, at: short))
      }
    }
  }
}

/// A tag and what its signature says.
public struct VerifiedTag: Sendable {
  /// Its name.
  public var name: String
  /// The id of its object; nil for a light tag.
  public var object: String?
  /// The commit it leads to, in full.
  public var commit: String
  /// What was found.
  public var signature: SignatureCheck
}
