import History
import Records

/// Asks how much of a version can say where it came from, and whether that is enough.
public struct AuditRequest: Sendable {
  /// A branch, tag or commit.
  public var revision: String
  /// What every record must comply with.
  public var gates: [AuditGate]

  /// A request.
  public init(revision: String = "HEAD", gates: [AuditGate] = []) {
    self.revision = revision
    self.gates = gates
  }

  /// The names of the anomalies that ``AuditGate/maxAnomaly(kind:_:)`` can be about.
  public static var anomalyKinds: [String] { AnomalyKind.allCases.map(\.rawValue) }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> AuditResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let tally = try tally(of: commit, in: workspace)
      return AuditResult(
        commit: try workspace.summary(commit), records: tally.records, answers: tally.answers,
        licenses: tally.licenseList,
        anomalies: try tally.anomalies.map { kind, found in
          Anomaly(
            kind: kind.rawValue, meaning: kind.meaning, count: found.count,
            examples: try found.examples.map(workspace.short))
        },
        gates: try tally.gateResults.map { gate, found in
          GateResult(
            gate: gate.name, demand: gate.demand, failed: found.count,
            allowed: gate.allowed(of: tally.records), examples: try found.examples.map(workspace.short))
        })
    }
  }

  private func tally(of commit: Commit, in workspace: Workspace) throws -> AuditTally {
    var tally = AuditTally(gates)
    let gates = gates
    try VersionScan(commit, in: workspace).run(
      making: { try AuditReader($0) },
      work: { reader, entry -> (facts: AuditFacts, failing: [Int]) in
        let facts = try reader.facts(entry)
        let failing = try gates.indices.filter { place in
          try gates[place].isFailed(by: facts) { try reader.hasColumn($0, entry) }
        }
        return (facts, failing)
      },
      take: { entry, found in tally.add(entry, found.facts, failing: found.failing) })
    return tally
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
  /// What came of each gate, in the order they were asked for.
  public var gates: [GateResult]

  /// Whether all gates are passed.
  public var isPassed: Bool { gates.allSatisfy(\.isPassed) }
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
