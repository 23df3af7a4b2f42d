import History
import Records

/// Asks how much of a version can say where it came from.
public struct AuditRequest: Sendable {
  /// A branch, tag or commit.
  public var revision: String

  /// A request.
  public init(revision: String = "HEAD") { self.revision = revision }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> AuditResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      var tally = AuditTally()
      let reader = try RecordReader(workspace.store)
      var seedNames: [BatchPrefix: Set<String>] = [:]
      var entries = workspace.tree(of: commit).entries()
      while let leaf = try entries.nextLeaf() {
        for entry in leaf {
          let batch = entry.key.batch
          if seedNames[batch] == nil {
            seedNames[batch] = Set(try reader.origins.batch(batch).batch.seeds.map(\.name))
          }
          tally.add(
            entry, try reader.pair(entry), try reader.origins.provenance(entry), known: seedNames[batch] ?? []
          )
        }
      }
      return AuditResult(
        commit: try workspace.summary(commit), records: tally.records, answers: tally.answers,
        licenses: tally.licenses,
        anomalies: try tally.anomalies.map { kind, found in
          Anomaly(
            kind: kind.rawValue, meaning: kind.meaning, count: found.count,
            examples: try found.examples.map(workspace.short))
        })
    }
  }
}

/// What an audit found.
public struct AuditResult: Sendable {
  /// The version.
  public var commit: CommitSummary
  /// Records in it.
  public var records: Int
  /// How many records answer each question: seed, prompt, teacher, score, licence.
  public var answers: [(question: String, count: Int)]
  /// Licences with how many records stand under them, most first; a nil name is none stated.
  public var licenses: [(name: String?, count: Int)]
  /// What looks wrong, by kind.
  public var anomalies: [Anomaly]
}

/// Records that look wrong in one way.
public struct Anomaly: Sendable {
  /// Its name.
  public var kind: String
  /// What it is, in a clause.
  public var meaning: String
  /// How many records.
  public var count: Int
  /// The first few of them.
  public var examples: [String]
}
