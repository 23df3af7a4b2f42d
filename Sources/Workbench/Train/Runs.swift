import History
import Objects
import Records

/// Asks for training runs.
public struct RunsRequest: Sendable {
  /// One run, by the beginning of its id; nil for all.
  public var run: String?
  /// Only runs on this version.
  public var revision: String?

  /// A request.
  public init(run: String? = nil, revision: String? = nil) {
    self.run = run
    self.revision = revision
  }

  /// Oldest first.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> [RunSummary] {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      if let run {
        let (id, kind) = try workspace.object(run, "run", listing: "`mdata runs` lists runs")
        guard kind == .run else {
          throw Failure(
            .missing, "`\(run)` is a \(kind.rawValue), not a run", hint: "`mdata runs` lists runs")
        }
        return [try workspace.summary(id, workspace.run(id))]
      }
      let commit = try revision.map { try workspace.resolve($0).id.hex }
      return try workspace.runs().filter { commit == nil || $0.run.commit == commit }.map(workspace.summary)
    }
  }
}

/// Training runs in the repository.
extension Workspace {
  func run(_ id: ObjectID) throws -> Run { try Run(parsing: store.read(id, .run)) }

  func summary(_ id: ObjectID, _ run: Run) throws -> RunSummary {
    RunSummary(
      run: id.hex, short: store.abbreviation(of: id), commit: run.commit,
      commitShort: try CommitID(hex: run.commit).map { try repository.git().shortHex($0) } ?? run.commit,
      snapshot: run.snapshot.hex, version: run.version, model: run.model.name,
      modelDigest: run.model.digest.hex,
      steps: run.steps, firstLoss: run.loss?.first ?? 0, lastLoss: run.loss?.last ?? 0, tokens: run.tokens,
      total: run.records.total, used: run.records.used,
      seen: try run.records.seen.map { seen in
        (try short(seen.batch), seen.rows.map { Int($0.lowerBound)...Int($0.upperBound) })
      },
      configuration: (run.config.object ?? []).map {
        ($0.name, String(decoding: CanonicalJSON.encode($0.value), as: UTF8.self))
      },
      started: run.started.text, ended: run.ended.text)
  }
}
