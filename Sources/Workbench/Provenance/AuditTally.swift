import History
import Records

/// The counts of an audit as records pass by, in the order of a checkout.
struct AuditTally {
  struct Found {
    var count = 0
    var examples: [RecordID] = []

    mutating func add(_ record: RecordID, atMost: Int) {
      count += 1
      if examples.count < atMost { examples.append(record) }
    }
  }

  private(set) var records = 0
  private(set) var licenses = ValueCounts()
  private var teacher = 0
  private var prompt = 0
  private var seed = 0
  private var score = 0
  private var seen: Set<PairCounts.Key> = []
  private var found: [AnomalyKind: Found] = [:]
  private let gates: [AuditGate]
  private var failed: [Found]

  init(_ gates: [AuditGate]) {
    self.gates = gates
    failed = gates.map { _ in Found() }
  }

  /// Adds one record.
  ///
  /// - Parameter failing: the places of the gates that it fails, as far as it shows alone.
  mutating func add(_ entry: TreeEntry, _ facts: AuditFacts, failing: [Int]) {
    records += 1
    let provenance = facts.provenance
    if provenance.teacher != nil { teacher += 1 }
    if !provenance.prompts.isEmpty { prompt += 1 }
    if !provenance.seeds.isEmpty { seed += 1 }
    if !provenance.scores.isEmpty { score += 1 }
    licenses.add(provenance.license)
    for gate in failing { failed[gate].add(entry.key, atMost: Self.gateExamples) }
    for kind in facts.anomalies { found[kind, default: Found()].add(entry.key, atMost: Self.anomalyExamples) }
    if !seen.insert(PairCounts.Key(entry.object)).inserted {
      found[.duplicatePair, default: Found()].add(entry.key, atMost: Self.anomalyExamples)
      for (place, gate) in gates.enumerated() {
        if case .maxAnomaly(AnomalyKind.duplicatePair.rawValue, _) = gate {
          failed[place].add(entry.key, atMost: Self.gateExamples)
        }
      }
    }
  }

  private static let anomalyExamples = 3
  private static let gateExamples = 5

  /// How many different pairs there are.
  var differentPairs: Int { seen.count }

  var answers: [(question: String, count: Int)] {
    [
      ("seed", seed), ("prompt", prompt), ("teacher", teacher), ("score", score),
      ("license", records - licenses.missing),
    ]
  }

  /// Licences with their counts, most first; a nil name is none stated.
  var licenseList: [(name: String?, count: Int)] {
    var list: [(name: String?, count: Int)] = licenses.list.map { ($0.value, $0.count) }
    if licenses.others > 0 { list.append(("…", licenses.others)) }
    if licenses.missing > 0 { list.append((nil, licenses.missing)) }
    return list
  }

  var anomalies: [(kind: AnomalyKind, found: Found)] {
    AnomalyKind.allCases.compactMap { kind in found[kind].map { (kind, $0) } }
  }

  /// What came of each gate.
  var gateResults: [(gate: AuditGate, found: Found)] { Array(zip(gates, failed)) }
}
