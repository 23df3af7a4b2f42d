import History
import Records

/// The counts of an audit as records pass by.
struct AuditTally {
  /// What can look wrong with a record without judging its content.
  enum Kind: String, CaseIterable {
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

  struct Found {
    var count = 0
    var examples: [RecordID] = []
  }

  private(set) var records = 0
  private var teacher = 0
  private var prompt = 0
  private var seed = 0
  private var score = 0
  private var licensed: [String: Int] = [:]
  private var seen: Set<ObjectID> = []
  private var found: [Kind: Found] = [:]

  /// Adds one record. `known` is the batch's seed ids; empty when it came without a seed file.
  mutating func add(_ entry: TreeEntry, _ pair: Pair, _ provenance: Provenance, known: Set<String>) {
    records += 1
    if provenance.teacher != nil { teacher += 1 }
    if !provenance.prompts.isEmpty { prompt += 1 }
    if !provenance.seeds.isEmpty { seed += 1 }
    if !provenance.scores.isEmpty { score += 1 }
    if let license = provenance.license { licensed[license, default: 0] += 1 }
    if !seen.insert(entry.object).inserted { note(.duplicatePair, entry.key) }
    if pair.output.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
      note(.emptyOutput, entry.key)
    }
    let answer = Array(pair.output.utf8)
    if answer == Array(pair.instruction.utf8) || pair.input.map({ answer == Array($0.utf8) }) == true {
      note(.answerEqualsTask, entry.key)
    }
    if Self.hasControl(pair.output) || Self.hasControl(pair.instruction) || Self.hasControl(pair.input ?? "")
    {
      note(.controlCharacters, entry.key)
    }
    if !known.isEmpty, provenance.seeds.contains(where: { !known.contains($0) }) {
      note(.unknownSeed, entry.key)
    }
  }

  var answers: [(question: String, count: Int)] {
    [
      ("seed", seed), ("prompt", prompt), ("teacher", teacher), ("score", score),
      ("license", licensed.values.reduce(0, +)),
    ]
  }

  var licenses: [(name: String?, count: Int)] {
    var list: [(name: String?, count: Int)] = licensed.map { ($0.key, $0.value) }
    list.sort { $0.count != $1.count ? $0.count > $1.count : ($0.name ?? "") < ($1.name ?? "") }
    let missing = records - licensed.values.reduce(0, +)
    if missing > 0 { list.append((nil, missing)) }
    return list
  }

  var anomalies: [(kind: Kind, found: Found)] {
    Kind.allCases.compactMap { kind in found[kind].map { (kind, $0) } }
  }

  private mutating func note(_ kind: Kind, _ record: RecordID) {
    found[kind, default: Found()].count += 1
    if found[kind, default: Found()].examples.count < 3 { found[kind]?.examples.append(record) }
  }

  /// Control characters other than tab and line ends.
  private static func hasControl(_ text: String) -> Bool {
    text.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }
  }
}
