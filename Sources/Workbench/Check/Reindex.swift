import History
import Objects

/// Deletes the SQLite index and builds it again. The other caches are deleted too: whoever needs them next builds them.
public struct ReindexRequest: Sendable {
  /// A request.
  public init() {}

  /// - Throws: ``Failure``; then there may be no index, and the next verb that needs it builds it.
  public func run(in session: Session) throws -> ReindexResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let files = session.fileSystem
      let path = workspace.repository.path + "/index.sqlite"
      let before = try files.status(path)?.length
      let counts = try workspace.repository.rebuildIndex()
      try workspace.repository.search().discard()
      try SimilarityFolder.discardAll(of: workspace.repository)
      return ReindexResult(
        counts: counts, bytesBefore: before, bytes: try files.status(path)?.length ?? 0)
    }
  }
}

/// What `reindex` built.
public struct ReindexResult: Sendable {
  /// Rows of each table, by its name.
  public var counts: [(table: String, rows: Int)]
  /// Length of the file that was there; nil when there was none.
  public var bytesBefore: Int?
  /// Length of the new one.
  public var bytes: Int
}
