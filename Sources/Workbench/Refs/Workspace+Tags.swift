import History

/// Annotated tags.
extension Workspace {
  /// The annotated tag that a revision names, with that name, or whose object's id it is.
  func annotatedTag(_ revision: String) throws -> (tag: GitTag, name: String?)? {
    let git = try repository.git()
    if let name = try git.resolve(revision).name {
      return try name.tagName.flatMap { short in try git.tag(at: name).map { ($0, short) } }
    }
    return try CommitID(hex: revision).flatMap { try git.tag($0) }.map { ($0, nil) }
  }

  func summary(_ tag: GitTag) -> TagSummary {
    TagSummary(
      name: tag.name, object: tag.id.hex, tagger: tag.tagger.map { "\($0.name) <\($0.email)>" },
      time: tag.time?.seconds, utcOffset: Int(tag.time?.offset ?? 0), message: tag.message)
  }
}
