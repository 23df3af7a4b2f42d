import History
import Objects
import Records

/// Asks for training runs.
public struct RunsRequest: Sendable {
  /// Only runs on this version.
  public var revision: String?
  /// Only runs that saw this record.
  public var record: String?

  /// A request.
  public init(revision: String? = nil, record: String? = nil) {
    self.revision = revision
    self.record = record
  }

  /// Oldest first.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> [RunSummary] {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try revision.map { try workspace.resolve($0).id.hex }
      let runs =
        if let record {
          try workspace.repository.index().runs(
            thatSaw: workspace.existingRecord(record, OriginReader(workspace.store)))
        } else {
          try workspace.runs()
        }
      return try runs.filter { commit == nil || $0.run.commit == commit }.map(workspace.summary)
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
      steps: run.steps, firstLoss: run.loss?.first ?? 0, lastLoss: run.loss?.last ?? 0,
      validation: run.validation.map { ($0.records, $0.commit, $0.before, $0.after, $0.step) },
      tokens: run.tokens,
      total: run.records.total, used: run.records.used,
      seen: try run.records.seen.map { seen in
        (try short(seen.batch), seen.rows.map { Int($0.lowerBound)...Int($0.upperBound) })
      },
      configuration: (run.config.object ?? []).map {
        ($0.name, $0.value)
      },
      template: run.template, seed: run.seed, output: run.output.map { ($0.name, $0.digest.hex) },
      metricsDigest: run.metrics?.hex, code: run.code,
      repository: run.repository.map { ($0.head, $0.dirty) },
      started: run.started.text, ended: run.ended.text,
      seconds: max(0, run.ended.secondsSince1970 - run.started.secondsSince1970))
  }
}
