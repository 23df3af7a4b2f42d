import History

/// Asks for the versions that led to one.
public struct LogRequest: Sendable {
  /// A branch, tag or commit.
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
      if let limit, limit < 0 { throw Failure(.usage, "`-n` must not be negative") }
      let workspace = try Workspace(session)
      if revision == "HEAD", try workspace.headCommit() == nil { return [] }
      let commits = try workspace.repository.log(from: [workspace.resolve(revision).id], limit: limit ?? .max)
      return try commits.map { commit in
        var summary = try workspace.summary(commit)
        if checksSignatures { summary.signature = try workspace.signature(of: commit) }
        return summary
      }
    }
  }
}
