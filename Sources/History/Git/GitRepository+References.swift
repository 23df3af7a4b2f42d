import CGit2
import Objects

/// Where a reference points.
public enum RefTarget: Hashable, Sendable, CustomStringConvertible {
  /// At an object: a commit, or the tag object of an annotated tag.
  case object(CommitID)
  /// At another reference, as HEAD does at the current branch.
  case reference(RefName)

  /// The target as text: 40 hex digits or a full reference name.
  public var description: String {
    switch self {
    case .object(let id): id.hex
    case .reference(let name): name.full
    }
  }

  /// Reads what ``description`` writes.
  public init(text: String) throws(GitError) {
    if let id = CommitID(hex: text) {
      self = .object(id)
    } else {
      self = .reference(try RefName(full: text))
    }
  }
}

extension GitRepository {
  /// All branches, tags and HEAD with their targets.
  ///
  /// - Throws: ``GitError``; a reference with a name that mdata would never make is an error too.
  public func references() throws(GitError) -> [RefName: RefTarget] {
    try exclusively { repository throws(GitError) in
      var found: [RefName: RefTarget] = [:]
      var iterator: OpaquePointer?
      defer { git_reference_iterator_free(iterator) }
      try GitCall.check("list the references", of: "references") {
        git_reference_iterator_new(&iterator, repository)
      }
      while true {
        var reference: OpaquePointer?
        let code = git_reference_next(&reference, iterator)
        if code == GIT_ITEROVER.rawValue { break }
        defer { git_reference_free(reference) }
        try GitCall.check("list the references", of: "reference") { code }
        let name = String(cString: git_reference_name(reference))
        guard name.hasPrefix(RefName.branches) || name.hasPrefix(RefName.tags) else { continue }
        found[try RefName(full: name)] = try Self.target(of: reference)
      }
      found[.head] = try Self.target(of: .head, repository)
      for folder in ["refs/heads", "refs/tags"] { try addSkipped(folder, to: &found, repository) }
      return found
    }
  }

  /// libgit2 leaves references out of its list whose files it cannot read: here they are the error that they are.
  private func addSkipped(
    _ folder: String, to found: inout [RefName: RefTarget], _ repository: OpaquePointer
  ) throws(GitError) {
    let files = fileSystem
    do throws(ObjectsError) {
      guard try files.status(path + "/" + folder)?.kind == .directory else { return }
    } catch { throw .files(error) }
    let names: [String]
    do throws(ObjectsError) { names = try files.list(path + "/" + folder) } catch { throw .files(error) }
    for name in names where !name.hasSuffix(".lock") && !TemporaryName.matches(name) {
      let full = folder + "/" + name
      if let known = try? RefName(full: full), found[known] != nil { continue }
      let kind: FileStatus.Kind?
      do throws(ObjectsError) { kind = try files.status(path + "/" + full)?.kind } catch {
        throw .files(error)
      }
      if kind == .directory {
        try addSkipped(full, to: &found, repository)
      } else if kind != nil {
        // Made since the list was, or damaged: then this throws.
        let name = try RefName(full: full)
        found[name] = try Self.target(of: name, repository)
      }
    }
  }

  /// The target of one reference, or nil when it does not exist.
  public func target(of name: RefName) throws(GitError) -> RefTarget? {
    try exclusively { repository throws(GitError) in try Self.target(of: name, repository) }
  }

  static func target(of name: RefName, _ repository: OpaquePointer) throws(GitError) -> RefTarget? {
    var reference: OpaquePointer?
    defer { git_reference_free(reference) }
    do throws(GitError) {
      try GitCall.check("read \(name)", of: "reference \(name)") {
        git_reference_lookup(&reference, repository, name.full)
      }
    } catch .notFound { return nil }
    return try target(of: reference)
  }

  private static func target(of reference: OpaquePointer?) throws(GitError) -> RefTarget {
    if let oid = git_reference_target(reference) { return .object(CommitID(oid.pointee)) }
    guard let name = git_reference_symbolic_target(reference) else {
      throw .refused("read a reference", code: 0, text: "it has no target")
    }
    return .reference(try RefName(full: String(cString: name)))
  }

  /// The commit a reference leads to: through HEAD's branch and through annotated tags. Nil when the reference
  /// does not exist or is HEAD on a branch without commits.
  public func commit(at name: RefName) throws(GitError) -> CommitID? {
    try exclusively { repository throws(GitError) in try Self.commit(at: name, repository) }
  }

  static func commit(at name: RefName, _ repository: OpaquePointer) throws(GitError) -> CommitID? {
    switch try target(of: name, repository) {
    case nil: return nil
    case .reference(let next):
      // Only HEAD may be symbolic, and only towards a branch: no chains, no cycles.
      guard name == .head, next.branchName != nil else {
        throw .refused("follow \(name)", code: 0, text: "it points at \(next)")
      }
      return try target(of: next, repository).map { target throws(GitError) in
        try peel(target, next, repository)
      }
    case .some(let target): return try peel(target, name, repository)
    }
  }

  static func peel(
    _ target: RefTarget, _ name: RefName, _ repository: OpaquePointer
  ) throws(GitError) -> CommitID {
    guard case .object(let id) = target else {
      throw .refused("follow \(name)", code: 0, text: "it points at \(target)")
    }
    var oid = id.oid
    var object: OpaquePointer?
    defer { git_object_free(object) }
    try GitCall.check("read what \(name) points at", of: "object \(id), at which \(name) points") {
      git_object_lookup(&object, repository, &oid, GIT_OBJECT_ANY)
    }
    var commit: OpaquePointer?
    defer { git_object_free(commit) }
    try GitCall.check("find the commit of \(name)", of: "commit under \(name)") {
      git_object_peel(&commit, object, GIT_OBJECT_COMMIT)
    }
    guard let found = git_object_id(commit) else { throw .notFound("commit under \(name)") }
    return CommitID(found.pointee)
  }
}
