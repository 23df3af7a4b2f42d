import History
import Objects
import Records

/// Writes a version to a file.
public struct CheckoutRequest {
  /// Which version.
  public enum Version: Sendable {
    case revision(String)
    /// The one that `mdata.lock` pins; the written bytes must have the digest recorded there.
    case locked
  }

  /// Where to.
  public enum Target {
    case file(String)
    case stream((UnsafeRawBufferPointer) -> Void)
  }

  /// Which version.
  public var version: Version
  /// Where to.
  public var target: Target
  /// Name of the format; nil takes the layout of the first batch.
  public var format: String?

  /// A request.
  public init(version: Version, target: Target, format: String? = nil) {
    self.version = version
    self.target = target
    self.format = format
  }

  /// - Throws: ``Failure``; then the file is as it was.
  public func run(in session: Session) throws -> CheckoutResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let pinned = try Pinned(version, in: workspace)
      let wanted =
        try pinned.lock.map { try BatchFacts.format(named: $0.export.format) }
        ?? format.map(BatchFacts.format)
      let export = try Export(pinned.commit, format: wanted, in: workspace)
      let summary: Export.Summary
      switch target {
      case .stream(let sink):
        summary = try export.write { sink($0) }
        try pinned.verify(summary)
      case .file(let path):
        let sink = try ExportFile(session.path(path), fileSystem: session.fileSystem)
        summary = try export.write(to: sink.write)
        try pinned.verify(summary)
        try sink.commit()
      }
      return CheckoutResult(
        commit: try workspace.summary(pinned.commit), records: summary.records, bytes: summary.bytes,
        sha256: summary.sha256.hex, format: summary.format.rawValue)
    }
  }
}

/// What was written.
public struct CheckoutResult: Sendable {
  /// The version.
  public var commit: CommitSummary
  /// Rows written.
  public var records: Int
  /// Bytes, before compression.
  public var bytes: Int
  /// Digest of those bytes, in hex.
  public var sha256: String
  /// The format.
  public var format: String
}
