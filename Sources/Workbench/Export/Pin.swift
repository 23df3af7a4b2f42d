import History
import Objects
import Records

/// Pins a version in `mdata.lock`.
public struct PinRequest: Sendable {
  /// A branch, tag or commit.
  public var revision: String
  /// Name of the format of the file it stands for; nil takes the layout of the first batch.
  public var format: String?

  /// A request.
  public init(revision: String = "HEAD", format: String? = nil) {
    self.revision = revision
    self.format = format
  }

  /// - Throws: ``Failure``; then the lock file is as it was.
  public func run(in session: Session) throws -> PinResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let dataset = commit.dataset
      // Writing the file to nowhere also reads and verifies every record: what is pinned is whole.
      let export = try Export(commit, format: format.map(BatchFacts.format), in: workspace).write { _ in }
      let lock = PinnedVersion(
        commit: commit.id.hex, snapshot: dataset.snapshot, records: dataset.records,
        export: PinnedVersion.Export(
          format: export.format.rawValue, bytes: export.bytes, sha256: export.sha256),
        ref: revision == "HEAD" || revision == commit.id.hex ? nil : revision)
      try session.fileSystem.replaceAtomically(workspace.lockFile, with: lock.encode())
      return PinResult(
        commit: try workspace.summary(commit), sha256: export.sha256.hex, file: PinnedVersion.fileName)
    }
  }
}

/// What was pinned.
public struct PinResult: Sendable {
  /// The version.
  public var commit: CommitSummary
  /// Digest of the exported file, in hex.
  public var sha256: String
  /// Name of the lock file.
  public var file: String
}
