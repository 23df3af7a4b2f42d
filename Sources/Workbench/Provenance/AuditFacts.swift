import History
import Objects
import Records

/// What can look wrong with a record without judging its content.
enum AnomalyKind: String, CaseIterable, Sendable {
  case duplicatePair = "duplicate-pair"
  case emptyOutput = "empty-output"
  case answerEqualsTask = "answer-equals-task"
  case controlCharacters = "control-characters"
  case unknownSeed = "unknown-seed"

  var meaning: String {
    switch self {
    case .duplicatePair: "the same pair as an earlier record"
    case .emptyOutput: "an output of nothing but white space"
    case .answerEqualsTask: "an output equal to its instruction or input"
    case .controlCharacters: "control characters in the text"
    case .unknownSeed: "a seed that is not in the batch's seed file"
    }
  }
}

/// What an audit needs to know of one record.
struct AuditFacts: Sendable {
  var provenance: Provenance
  /// All but ``AnomalyKind/duplicatePair``, which one record alone does not show.
  var anomalies: [AnomalyKind]

  func score(_ name: String) -> Double? {
    provenance.scores.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}

/// Reads the facts of records, one thread at a time.
final class AuditReader {
  private let reader: RecordReader
  private var seedNames: [BatchPrefix: Set<String>] = [:]

  init(_ store: ObjectStore) throws { reader = try RecordReader(store) }

  var origins: OriginReader { reader.origins }

  func facts(_ entry: TreeEntry) throws -> AuditFacts { try read(entry).facts }

  /// The pair too, for whoever needs both.
  func read(_ entry: TreeEntry) throws -> (pair: Pair, facts: AuditFacts) {
    let provenance = try reader.origins.provenance(entry)
    let pair = try reader.pair(entry)
    let anomalies = Self.anomalies(pair, provenance, known: try seeds(of: entry.key.batch))
    return (pair, AuditFacts(provenance: provenance, anomalies: anomalies))
  }

  /// Whether a record has a column whose value is not null.
  func hasColumn(_ name: String, _ entry: TreeEntry) throws -> Bool {
    let (chunk, offset) = try reader.origins.chunk(of: entry.origin)
    guard let column = chunk.origins.column(named: name),
      let value = chunk.origins.value(ofColumn: column, at: offset)
    else { return false }
    return !chunk.origins.bytes[value].elementsEqual("null".utf8)
  }

  /// The ids of a batch's seeds; none when it came without a seed file.
  private func seeds(of batch: BatchPrefix) throws -> Set<String> {
    if let known = seedNames[batch] { return known }
    let names = Set(try reader.origins.batch(batch).batch.seeds.map(\.name))
    seedNames[batch] = names
    return names
  }

  private static func anomalies(_ pair: Pair, _ provenance: Provenance, known: Set<String>) -> [AnomalyKind] {
    var found: [AnomalyKind] = []
    let answer = pair.output.utf8
    if answer.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { found.append(.emptyOutput) }
    if answer.elementsEqual(pair.instruction.utf8)
      || pair.input.map({ answer.elementsEqual($0.utf8) }) == true
    {
      found.append(.answerEqualsTask)
    }
    if hasControl(pair.output) || hasControl(pair.instruction) || hasControl(pair.input ?? "") {
      found.append(.controlCharacters)
    }
    if !known.isEmpty, provenance.seeds.contains(where: { !known.contains($0) }) {
      found.append(.unknownSeed)
    }
    return found
  }

  /// Control characters other than tab and line ends.
  private static func hasControl(_ text: String) -> Bool {
    text.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }
  }
}
