public import Records

/// What an audit can demand of every record, so that a script stops when one does not comply.
public enum AuditGate: Sendable {
  /// Every record says this of itself.
  case require(Answer)
  /// At most so many records state no licence.
  case maxUnlicensed(Amount)
  /// Every licence that is stated is one of these; none stated fails too, unless `acceptsNone`.
  case allowLicenses([String], acceptsNone: Bool)
  /// Every record has this score, and it is at least so high.
  case minScore(name: String, Double)
  /// At most so many records look wrong in this way.
  case maxAnomaly(kind: String, Amount)

  /// Something a record can say.
  public enum Answer: Hashable, Sendable {
    case teacher, prompt, seed, license, anyScore
    case score(String)
    /// A column that is there and not null.
    case column(String)

    /// Reads `teacher`, `prompt`, `seed`, `license`, `score`, `score.NAME` or `column.NAME`; nil for anything else.
    public init?(_ text: String) {
      switch text {
      case "teacher": self = .teacher
      case "prompt": self = .prompt
      case "seed": self = .seed
      case "license", "licence": self = .license
      case "score": self = .anyScore
      default:
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["score", "column"].contains(parts[0]) else { return nil }
        self = parts[0] == "score" ? .score(parts[1]) : .column(parts[1])
      }
    }

    var text: String {
      switch self {
      case .teacher: "teacher"
      case .prompt: "prompt"
      case .seed: "seed"
      case .license: "license"
      case .anyScore: "score"
      case .score(let name): "score.\(name)"
      case .column(let name): "column.\(name)"
      }
    }
  }

  /// The flag it is given by, without hyphens.
  var name: String {
    switch self {
    case .require: "require"
    case .maxUnlicensed: "max-unlicensed"
    case .allowLicenses: "allow-license"
    case .minScore: "min-score"
    case .maxAnomaly: "max-anomaly"
    }
  }

  /// What the flag says.
  var demand: String {
    switch self {
    case .require(let answer): answer.text
    case .maxUnlicensed(let amount): amount.text
    case .allowLicenses(let names, _): names.joined(separator: ", ")
    case .minScore(let name, let least):
      "\(name)=\(String(decoding: CanonicalJSON.encode(.number(least)), as: UTF8.self))"
    case .maxAnomaly(let kind, let amount): "\(kind)=\(amount.text)"
    }
  }

  /// How many records may fail.
  func allowed(of records: Int) -> Int {
    switch self {
    case .require, .allowLicenses, .minScore: 0
    case .maxUnlicensed(let amount), .maxAnomaly(_, let amount): amount.of(records)
    }
  }

  /// Whether a record fails, as far as that can be said of one record alone.
  func isFailed(by facts: AuditFacts, _ columns: (String) throws -> Bool) rethrows -> Bool {
    let provenance = facts.provenance
    switch self {
    case .require(.teacher): return provenance.teacher == nil
    case .require(.prompt): return provenance.prompts.isEmpty
    case .require(.seed): return provenance.seeds.isEmpty
    case .require(.license), .maxUnlicensed: return provenance.license == nil
    case .require(.anyScore): return provenance.scores.isEmpty
    case .require(.score(let name)): return facts.score(name) == nil
    case .require(.column(let name)): return try !columns(name)
    case .allowLicenses(let names, let acceptsNone):
      guard let stated = provenance.license.map(LicenseName.init) else { return !acceptsNone }
      return !names.contains { LicenseName($0).isOffered(by: stated) }
    case .minScore(let name, let least): return facts.score(name).map { $0 < least } ?? true
    case .maxAnomaly(let kind, _): return facts.anomalies.contains { $0.rawValue == kind }
    }
  }
}

/// What came of a gate.
public struct GateResult: Sendable {
  /// The flag, without hyphens.
  public var gate: String
  /// What it says.
  public var demand: String
  /// Records that do not comply.
  public var failed: Int
  /// How many of them there may be.
  public var allowed: Int
  /// The first few of them, in the order of a checkout.
  public var examples: [String]

  /// Whether there are no more than allowed.
  public var isPassed: Bool { failed <= allowed }
}
