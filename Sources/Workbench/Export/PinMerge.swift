import History
import Objects
import Records

/// Merges two versions of `mdata.lock` for the version control around it: takes the pin that follows the other, or pins
/// the current branch when it follows both.
public struct PinMergeRequest: Sendable {
  /// The file as our side has it; the result is written there.
  public var ours: String
  /// The file as their side has it.
  public var theirs: String

  /// A request.
  public init(ours: String, theirs: String) {
    self.ours = ours
    self.theirs = theirs
  }

  /// Returns what the merged file pins.
  ///
  /// - Throws: ``Failure`` of kind `no` when neither pin follows the other; then nothing is written.
  public func run(in session: Session) throws -> PinResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let git = try workspace.repository.git()
      let (left, right) = (try pinned(ours, session), try pinned(theirs, session))
      let (one, other) = (try commit(left, workspace), try commit(right, workspace))
      func result(_ commit: Commit, _ lock: PinnedVersion) throws -> PinResult {
        PinResult(commit: try workspace.summary(commit), sha256: lock.export.sha256.hex, file: ours)
      }
      if try git.isAncestor(other.id, of: one.id) { return try result(one, left) }
      let target = session.path(ours)
      if try git.isAncestor(one.id, of: other.id) {
        try session.fileSystem.replaceAtomically(target, with: right.encode())
        return try result(other, right)
      }
      guard let head = try workspace.headCommit(), try git.isAncestor(one.id, of: head.id),
        try git.isAncestor(other.id, of: head.id)
      else {
        throw Failure(
          .no,
          "the pinned versions `\(try git.shortHex(one.id))` and `\(try git.shortHex(other.id))` have parted",
          hint: "bring them together with `mdata merge \(try git.shortHex(other.id))`, then `mdata pin`")
      }
      let export = try Export(head, format: BatchFacts.format(named: left.export.format), in: workspace).write
      { _ in }
      let lock = PinnedVersion(
        commit: head.id.hex, snapshot: head.dataset.snapshot, records: head.dataset.records,
        export: PinnedVersion.Export(
          format: export.format.rawValue, bytes: export.bytes, sha256: export.sha256), ref: left.ref)
      try session.fileSystem.replaceAtomically(target, with: lock.encode())
      return try result(head, lock)
    }
  }

  private func pinned(_ path: String, _ session: Session) throws -> PinnedVersion {
    try Failure.naming(path) {
      try PinnedVersion(parsing: SmallFile.bytes(session.path(path), limit: 1 << 20))
    }
  }

  private func commit(_ lock: PinnedVersion, _ workspace: Workspace) throws -> Commit {
    guard let id = CommitID(hex: lock.commit) else {
      throw Failure(.data, "`\(lock.commit)` is not a commit id", hint: "pin again with `mdata pin`")
    }
    do {
      return try workspace.commit(id)
    } catch GitError.notFound {
      throw Failure(
        .missing, "this repository does not have the pinned commit `\(lock.commit)`",
        hint: "the lock file belongs to another repository, or is newer than this one")
    }
  }
}
