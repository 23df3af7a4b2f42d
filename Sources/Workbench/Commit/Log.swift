import History

/// Asks for the versions that led to one.
public struct LogRequest: Sendable {
  /// A branch, tag or commit; or `A..B` for what led to B and not to A, `A...B` for what led to one of them only.
  public var revision: String
  /// At most this many; nil for all.
  public var limit: Int?
  /// Whether signatures are checked.
  public var checksSignatures: Bool

  /// A request.
  public init(revision: String = "HEAD", limit: Int? = nil, checksSignatures: Bool = false) {
    self.revision = revision
    self.limit = limit
    self.checksSignatures = checksSignatures
  }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> [CommitSummary] {
    try Failure.wrapping {
      try Self.check(limit)
      let workspace = try Workspace(session)
      if revision == "HEAD", try workspace.headCommit() == nil { return [] }
      let span = try HistorySpan(revision, in: workspace)
      let commits = try workspace.repository.log(
        from: span.tips, excluding: span.hidden, limit: limit ?? .max)
      return try commits.map { commit in
        var summary = try workspace.summary(commit)
        if checksSignatures { summary.signature = try workspace.signature(of: commit) }
        return summary
      }
    }
  }

  static func check(_ limit: Int?) throws {
    if let limit, limit < 0 { throw Failure(.usage, "`-n` must not be negative") }
  }
}

/// A part of history: the commits that lead to some and not to others.
struct HistorySpan {
  let tips: [CommitID]
  let hidden: [CommitID]

  /// - Parameter text: a version, or two as ``VersionRange`` writes them.
  init(_ text: String, in workspace: Workspace) throws {
    guard let range = VersionRange(text) else {
      (tips, hidden) = ([try workspace.resolve(text).id], [])
      return
    }
    let (from, to) = (try workspace.resolve(range.from).id, try workspace.resolve(range.to).id)
    (tips, hidden) =
      range.isSymmetric
      ? ([from, to], try workspace.repository.git().mergeBases(from, to)) : ([to], [from])
  }
}
