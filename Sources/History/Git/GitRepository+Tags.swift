import CGit2
import Objects

extension GitRepository {
  /// The annotated tag that a reference points at; nil when it does not exist or points at a commit itself.
  ///
  /// - Throws: ``GitError/refused(_:code:text:)`` for a tag object that names nothing.
  public func tag(at name: RefName) throws(GitError) -> GitTag? {
    guard case .object(let id) = try target(of: name) else { return nil }
    return try tag(id)
  }

  /// The tag object with an id; nil when that is another object's.
  ///
  /// - Throws: ``GitError/notFound(_:)`` when there is no such object.
  public func tag(_ id: CommitID) throws(GitError) -> GitTag? {
    guard let bytes = try bytes(of: id, .tag) else { return nil }
    guard let tag = GitTag(id: id, bytes) else {
      throw .refused("read the tag \(id)", code: 0, text: "it names no object")
    }
    return tag
  }

  /// A commit's text and its signature.
  ///
  /// - Throws: ``GitError/notFound(_:)`` when there is no such commit.
  public func signedText(ofCommit id: CommitID) throws(GitError) -> SignedText {
    guard let bytes = try bytes(of: id, .commit) else { throw .notFound("commit \(id)") }
    return SignedText(commit: bytes)
  }

  /// A tag object's text and its signature.
  ///
  /// - Throws: ``GitError/notFound(_:)`` when there is no such tag object.
  public func signedText(ofTag id: CommitID) throws(GitError) -> SignedText {
    guard let bytes = try bytes(of: id, .tag) else { throw .notFound("tag object \(id)") }
    return SignedText(tag: bytes)
  }

  /// The bytes of a tag's object, signed. Nothing is written.
  ///
  /// - Throws: ``GitError`` for a name or an author that git would not take; what `sign` throws.
  func encode(_ draft: GitTagDraft, sign: Signing) throws -> LooseObject {
    var draft = draft
    draft.identity = try exclusively { _ throws(GitError) in try draft.identity.asGitWritesIt() }
    let text = try draft.text()
    return try LooseObject(.tag, text + (sign(text) ?? []))
  }

  /// Makes an encoded tag's object durable. No reference moves.
  func write(_ object: LooseObject) throws(GitError) -> CommitID {
    do throws(ObjectsError) {
      try LooseObjectDirectory(path + "/objects", fileSystem: fileSystem).write([object])
    } catch { throw .files(error) }
    return CommitID(unchecked: object.id)
  }

  /// What an object holds, proven to hash to its id; nil when it is of another type.
  private func bytes(of id: CommitID, _ type: LooseObject.Kind) throws(GitError) -> [UInt8]? {
    try exclusively { repository throws(GitError) in
      var database: OpaquePointer?
      defer { git_odb_free(database) }
      try GitCall.check("open the git objects", of: "git objects") {
        git_repository_odb(&database, repository)
      }
      var oid = id.oid
      var object: OpaquePointer?
      defer { git_odb_object_free(object) }
      try GitCall.check("read the object \(id)", of: "git object \(id)") {
        git_odb_read(&object, database, &oid)
      }
      guard git_odb_object_type(object) == (type == .tag ? GIT_OBJECT_TAG : GIT_OBJECT_COMMIT) else {
        return nil
      }
      return Array(
        UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }
  }
}
