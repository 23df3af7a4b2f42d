import Records

/// Writes a difference as a page for people into a file: its counts and distributions, then the changes themselves.
public struct DiffReportRequest: Sendable {
  /// What to compare. Its limit holds for the changes on the page; without one there are 1,000.
  public var diff: DiffRequest
  /// The file: it appears whole or not at all, compressed when its name ends in .gz or .zst.
  public var file: String

  /// Changes on a page that names no limit.
  private static let standardLimit = 1_000

  /// A request.
  public init(_ diff: DiffRequest, file: String) {
    self.diff = diff
    self.file = file
  }

  /// Walks over the difference twice, once for the numbers and once for the changes, so that memory does not grow with
  /// the page.
  ///
  /// - Parameters:
  ///   - head: what the page begins with.
  ///   - render: a change; called by several threads.
  ///   - foot: what the page ends with.
  /// - Throws: ``Failure``; then the file is as it was.
  public func run(
    in session: Session, head: (DiffResult) -> [UInt8],
    render: @escaping @Sendable (RecordChange) -> [UInt8], foot: (DiffResult) -> [UInt8]
  ) throws -> DiffReport {
    try Failure.wrapping {
      var diff = diff
      let limit = diff.limit ?? Self.standardLimit
      if limit < 0 { throw Failure(.usage, "`--limit` must not be negative") }
      diff.limit = limit
      diff.isSummarized = true
      let file = try ExportFile(session.path(file), fileSystem: session.fileSystem)
      var bytes = 0
      func write(_ part: [UInt8]) throws {
        bytes += part.count
        try part.withUnsafeBytes { try file.write($0) }
      }
      let comparison = try Comparison(diff, session)
      var result = try DiffWalk<Never>(diff, comparison).run(render: nil, each: { _ in })
      result.leftOut = max(0, result.counts.total - limit)
      try write(head(result))
      diff.isSummarized = false
      diff.facets = []
      _ = try DiffWalk<[UInt8]>(diff, comparison).run(render: render, stops: true, each: write)
      try write(foot(result))
      try file.commit()
      return DiffReport(result: result, bytes: bytes)
    }
  }
}

/// What was written.
public struct DiffReport: Sendable {
  /// The difference, in numbers; `leftOut` says how many changes are not on the page.
  public var result: DiffResult
  /// Bytes of the page, before compression.
  public var bytes: Int
}
