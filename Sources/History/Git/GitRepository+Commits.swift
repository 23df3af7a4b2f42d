import CGit2
import Objects

extension GitRepository {
  /// Writes a commit's files, trees and the commit itself, durable together. No reference moves.
  public func write(_ draft: GitCommitDraft) throws -> CommitID { try write(encode(draft)) }

  /// A commit's files, trees and the commit itself, signed. Nothing is written.
  ///
  /// - Throws: ``GitError`` for a draft that cannot be written; what `sign` throws.
  func encode(_ draft: GitCommitDraft, sign: Signing = { _ in nil }) throws -> GitCommitEncoding {
    var draft = draft
    draft.identity = try exclusively { repository throws(GitError) in
      for id in draft.parents {
        var oid = id.oid
        var parent: OpaquePointer?
        defer { git_commit_free(parent) }
        try GitCall.check("read a parent", of: "commit \(id)") {
          git_commit_lookup(&parent, repository, &oid)
        }
      }
      return try draft.identity.asGitWritesIt()
    }
    return try GitCommitEncoding(draft, sign: sign)
  }

  /// Makes an encoded commit durable. No reference moves.
  func write(_ encoding: GitCommitEncoding) throws(GitError) -> CommitID {
    do throws(ObjectsError) {
      try LooseObjectDirectory(path + "/objects", fileSystem: fileSystem).write(encoding.objects)
    } catch { throw .files(error) }
    return encoding.commit
  }

  /// Reads a commit. Its bytes are proven to hash to the id.
  public func commit(_ id: CommitID) throws(GitError) -> GitCommit {
    try exclusively { repository throws(GitError) in try Self.commit(id, repository) }
  }

  /// Reads a commit, or nil when there is none with this id.
  func commitIfPresent(_ id: CommitID) throws(GitError) -> GitCommit? {
    do throws(GitError) { return try commit(id) } catch .notFound { return nil }
  }

  /// The commit with an id, or the one that the tag object with that id leads to; nil when it is neither's.
  func versionIfPresent(_ id: CommitID) throws(GitError) -> CommitID? {
    if try commitIfPresent(id) != nil { return id }
    do throws(GitError) {
      return try tag(id) == nil ? nil : peeledIfPresent(id)
    } catch .notFound { return nil }
  }

  /// The commit that an object is or, as the tag object of an annotated tag, leads to; nil when there is none.
  func peeledIfPresent(_ id: CommitID) throws(GitError) -> CommitID? {
    do throws(GitError) {
      return try exclusively { repository throws(GitError) in
        try Self.peel(.object(id), .head, repository)
      }
    } catch .notFound { return nil }
  }

  static func commit(_ id: CommitID, _ repository: OpaquePointer) throws(GitError) -> GitCommit {
    var oid = id.oid
    var commit: OpaquePointer?
    defer { git_commit_free(commit) }
    try GitCall.check("read the commit \(id)", of: "commit \(id)") {
      git_commit_lookup(&commit, repository, &oid)
    }
    guard let author = git_commit_author(commit)?.pointee, let tree = git_commit_tree_id(commit),
      let committer = git_commit_committer(commit)?.pointee
    else { throw .damagedCommit(id, "it names no author, no committer or no tree") }
    var parents: [CommitID] = []
    for position in 0..<git_commit_parentcount(commit) {
      guard let parent = git_commit_parent_id(commit, position) else { continue }
      parents.append(CommitID(parent.pointee))
    }
    var message = git_commit_message(commit).map { String(cString: $0) } ?? ""
    while message.last?.isNewline == true { message.removeLast() }
    return GitCommit(
      id: id, tree: CommitID(tree.pointee), parents: parents,
      authorship: GitStamp(author), commitment: GitStamp(committer), message: message)
  }

  /// Reads a file of a commit, or nil when the commit has none at this path.
  public func file(_ path: String, in id: CommitID) throws(GitError) -> [UInt8]? {
    try exclusively { repository throws(GitError) in
      var oid = id.oid
      var commit: OpaquePointer?
      defer { git_commit_free(commit) }
      try GitCall.check("read the commit \(id)", of: "commit \(id)") {
        git_commit_lookup(&commit, repository, &oid)
      }
      var tree: OpaquePointer?
      defer { git_tree_free(tree) }
      do throws(GitError) {
        try GitCall.check("read the tree of \(id)", of: "tree of \(id)") { git_commit_tree(&tree, commit) }
      } catch .notFound { throw .damagedCommit(id, "its tree is missing") }
      var entry: OpaquePointer?
      defer { git_tree_entry_free(entry) }
      do throws(GitError) {
        try GitCall.check("find \(path) in \(id)", of: path) { git_tree_entry_bypath(&entry, tree, path) }
      } catch .notFound { return nil }
      guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB, var blobID = git_tree_entry_id(entry)?.pointee
      else {
        throw .damagedCommit(id, "its \(path) is not a file")
      }
      var blob: OpaquePointer?
      defer { git_blob_free(blob) }
      do throws(GitError) {
        try GitCall.check("read \(path) of \(id)", of: path) { git_blob_lookup(&blob, repository, &blobID) }
      } catch .notFound { throw .damagedCommit(id, "its \(path) is missing") }
      return Array(
        UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
    }
  }

  /// The paths of all files of a commit, in byte order.
  public func files(in id: CommitID) throws(GitError) -> [String] {
    try exclusively { repository throws(GitError) in
      let tree = try Self.commit(id, repository).tree
      var found: [String] = []
      try Self.list(tree, under: "", depth: 0, into: &found, repository)
      return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }

  private static func list(
    _ tree: CommitID, under folder: String, depth: Int, into found: inout [String],
    _ repository: OpaquePointer
  ) throws(GitError) {
    guard depth < 16 else {
      throw .refused("list \(folder)", code: 0, text: "its folders are nested too deeply")
    }
    var oid = tree.oid
    var pointer: OpaquePointer?
    defer { git_tree_free(pointer) }
    try GitCall.check("read the tree \(tree)", of: "tree \(tree)") {
      git_tree_lookup(&pointer, repository, &oid)
    }
    for position in 0..<git_tree_entrycount(pointer) {
      guard let entry = git_tree_entry_byindex(pointer, position), let name = git_tree_entry_name(entry),
        let id = git_tree_entry_id(entry)
      else { continue }
      let path = folder + String(cString: name)
      if git_tree_entry_type(entry) == GIT_OBJECT_TREE {
        try list(CommitID(id.pointee), under: path + "/", depth: depth + 1, into: &found, repository)
      } else {
        found.append(path)
      }
    }
  }
}

extension GitStamp {
  fileprivate init(_ signature: git_signature) {
    self.init(
      identity: GitIdentity(name: String(cString: signature.name), email: String(cString: signature.email)),
      time: GitTime(seconds: signature.when.time, offset: signature.when.offset))
  }
}
