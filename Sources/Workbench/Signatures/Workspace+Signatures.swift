import History

/// What the use cases ask about signatures.
extension Workspace {
  /// What a commit's signature says. One that cannot be checked does not keep others from being shown.
  func signature(of commit: Commit) throws -> SignatureCheck {
    try verifier().checkIfPossible(repository.git().signedText(ofCommit: commit.id))
  }

  /// What the signature of an annotated tag says that was found under a name, or by its id.
  func signature(of tag: GitTag, at name: String?) throws -> SignatureCheck {
    let check = try verifier().checkIfPossible(repository.git().signedText(ofTag: tag.id))
    return check.of(tag.name, at: name ?? tag.name)
  }

  /// The commit that a reference's target leads to, or the target itself where that cannot be read.
  func commit(under id: CommitID) throws -> CommitID {
    guard let tag = try? repository.git().tag(id) else { return id }
    return (try? repository.git().resolve(tag.id.hex).commit) ?? id
  }

  func verifier() throws -> Verifier { Verifier(settings: try signingSettings(), session: session) }
}
