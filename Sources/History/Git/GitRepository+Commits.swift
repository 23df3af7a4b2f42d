import CGit2

extension GitRepository {
  /// Writes a commit's files, trees and the commit itself, each synced to disk. No reference moves.
  public func write(_ draft: GitCommitDraft) throws(GitError) -> CommitID {
    guard !draft.message.utf8.contains(0) else {
      throw .badName(draft.message, "a message cannot hold U+0000")
    }
    return try exclusively { repository throws(GitError) in
      var files: [(path: ArraySlice<String>, bytes: [UInt8])] = []
      for (path, bytes) in draft.files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        files.append(
          (path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)[...], bytes))
      }
      var treeID = try Self.writeTree(files[...], repository)
      var tree: OpaquePointer?
      defer { git_tree_free(tree) }
      try GitCall.check("read back a tree", of: "tree") { git_tree_lookup(&tree, repository, &treeID) }

      var parents: [OpaquePointer?] = []
      defer { for parent in parents { git_commit_free(parent) } }
      for id in draft.parents {
        var oid = id.oid
        var parent: OpaquePointer?
        try GitCall.check("read a parent", of: "commit \(id)") {
          git_commit_lookup(&parent, repository, &oid)
        }
        parents.append(parent)
      }

      var signature: UnsafeMutablePointer<git_signature>?
      defer { git_signature_free(signature) }
      try GitCall.check("use the author `\(draft.identity.name) <\(draft.identity.email)>`", of: "author") {
        git_signature_new(
          &signature, draft.identity.name, draft.identity.email, draft.time.seconds, draft.time.offset)
      }
      var id = git_oid()
      var message = draft.message[...]
      while message.last?.isNewline == true { message.removeLast() }
      let text = message + "\n"
      try GitCall.check("write the commit", of: "commit") {
        git_commit_create(
          &id, repository, nil, signature, signature, nil, String(text), tree, parents.count, &parents)
      }
      return CommitID(id)
    }
  }

  /// Writes the tree of files that are sorted by path, with its folders.
  private static func writeTree(
    _ files: ArraySlice<(path: ArraySlice<String>, bytes: [UInt8])>, _ repository: OpaquePointer
  ) throws(GitError) -> git_oid {
    var builder: OpaquePointer?
    try GitCall.check("start a tree", of: "tree") { git_treebuilder_new(&builder, repository, nil) }
    defer { git_treebuilder_free(builder) }
    var rest = files
    while let (path, bytes) = rest.first, let name = path.first {
      var id = git_oid()
      var mode = GIT_FILEMODE_BLOB
      if path.count == 1 {
        rest.removeFirst()
        try GitCall.check("write \(name)", of: name) {
          git_blob_create_from_buffer(&id, repository, bytes, bytes.count)
        }
      } else {
        var inside: [(path: ArraySlice<String>, bytes: [UInt8])] = []
        while let next = rest.first, next.path.count > 1, next.path.first == name {
          inside.append((next.path.dropFirst(), next.bytes))
          rest.removeFirst()
        }
        id = try writeTree(inside[...], repository)
        mode = GIT_FILEMODE_TREE
      }
      try GitCall.check("add \(name) to a tree", of: name) {
        git_treebuilder_insert(nil, builder, name, &id, mode)
      }
    }
    var id = git_oid()
    try GitCall.check("write a tree", of: "tree") { git_treebuilder_write(&id, builder) }
    return id
  }

  /// Reads a commit. Its bytes are proven to hash to the id.
  public func commit(_ id: CommitID) throws(GitError) -> GitCommit {
    try exclusively { repository throws(GitError) in try Self.commit(id, repository) }
  }

  /// Reads a commit, or nil when there is none with this id.
  func commitIfPresent(_ id: CommitID) throws(GitError) -> GitCommit? {
    do throws(GitError) { return try commit(id) } catch .notFound { return nil }
  }

  static func commit(_ id: CommitID, _ repository: OpaquePointer) throws(GitError) -> GitCommit {
    var oid = id.oid
    var commit: OpaquePointer?
    defer { git_commit_free(commit) }
    try GitCall.check("read the commit \(id)", of: "commit \(id)") {
      git_commit_lookup(&commit, repository, &oid)
    }
    guard let author = git_commit_author(commit)?.pointee, let tree = git_commit_tree_id(commit) else {
      throw .damagedCommit(id, "it names no author or no tree")
    }
    var parents: [CommitID] = []
    for position in 0..<git_commit_parentcount(commit) {
      guard let parent = git_commit_parent_id(commit, position) else { continue }
      parents.append(CommitID(parent.pointee))
    }
    var message = git_commit_message(commit).map { String(cString: $0) } ?? ""
    while message.last?.isNewline == true { message.removeLast() }
    return GitCommit(
      id: id, tree: CommitID(tree.pointee), parents: parents,
      author: GitIdentity(name: String(cString: author.name), email: String(cString: author.email)),
      time: GitTime(seconds: author.when.time, offset: author.when.offset), message: message)
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
