import Curation
public import Records

/// What a filter decides by.
public struct FilterSettings: Sendable {
  /// Which items an item is compared with.
  public enum Policy: String, Sendable, CaseIterable {
    /// Those before it that stay: of several that are alike the first stays.
    case greedy
    /// All others: of several that are alike none stays.
    case isolated
  }

  /// An item whose ROUGE-L with another is above this goes; nil to compare none.
  public var rougeL: Double?
  /// Which items an item is compared with.
  public var policy = Policy.greedy
  /// How texts become tokens: `rouge`, `unicode` or `auto`.
  public var tokenizer = "auto"
  /// The fields whose texts are compared, one after the other.
  public var fields: [PairField] = [.instruction]
  /// What items must have in common to be compared: a column or another facet; nil to compare all.
  public var groupBy: String?
  /// Names of rules, or groups of them, that items have to pass, or JSON objects with `rule` and its settings; `all` for every
  /// rule. `{"rule":"sql","where":"quality < 3"}` is a condition over the records of a version.
  public var rules: [String] = []
  /// Seconds that a condition may take.
  public var timeLimit = 60.0
  /// Bytes that SQLite may take from now on in this process; nil for no limit.
  public var memoryLimit: Int?
  /// Whether the nearest neighbour is told of items that stay, and the mean over all they are compared with.
  public var describesKept = false
  /// How many of those that are nearest to an item are told with it, when ``describesKept``; 0 to ``mostNeighbours``.
  public var neighbours = 0
  /// As many as anybody reads.
  public static let mostNeighbours = 100

  /// Nothing decided.
  public init() {}

  /// - Throws: ``Failure`` of kind `usage`.
  func checked() throws -> (tokenizer: TokenizerName, rules: FilterRules?, facet: Facet?) {
    guard rougeL != nil || !rules.isEmpty else {
      throw Failure(
        .usage, "there is nothing to filter by",
        hint: "give `--rouge-l 0.7` for texts that are alike, or `--rule NAME`; `--rule all` asks every rule")
    }
    if let rougeL, !(rougeL >= 0 && rougeL <= 1) {
      throw Failure(.usage, "a ROUGE-L threshold is from 0 to 1, not \(rougeL)", hint: "0.7 is what most use")
    }
    guard 0...Self.mostNeighbours ~= neighbours else {
      throw Failure(.usage, "from 1 to \(Self.mostNeighbours) neighbours are told, not \(neighbours)")
    }
    return (try .named(tokenizer), rules.isEmpty ? nil : try FilterRules(rules), groupBy.map { Facet($0) })
  }

  /// The same for the record of a version.
  func json(_ tokenizer: TokenizerName, _ rules: FilterRules?, against: [String]) -> JSONValue {
    var members: [JSONMember] = []
    if let rougeL {
      members += [
        JSONMember("rouge_l", .number(rougeL)), JSONMember("policy", .string(policy.rawValue)),
        JSONMember("tokenizer", .string(tokenizer.version)),
        JSONMember("fields", .array(fields.map { .string($0.rawValue) })),
      ]
      if let groupBy { members.append(JSONMember("group_by", .string(groupBy))) }
      if !against.isEmpty { members.append(JSONMember("against", .array(against.map { .string($0) }))) }
    }
    if let rules { members.append(JSONMember("rules", rules.settings)) }
    return .object(members)
  }
}

extension Failure {
  /// The failure that rules are to a user.
  init(_ error: RuleSetFailure) {
    func choosing(_ message: String, _ name: String, _ known: [String], _ what: String) -> Failure {
      var failure = Failure(.usage, message)
      if let near = Suggestion.closest(to: name, among: known) {
        failure.hints.append("did you mean `\(near)`?")
      }
      return failure.hinting(known.isEmpty ? "it has none" : "\(what) \(known.joined(separator: ", "))")
    }
    switch error {
    case .unknownRule(let name, let known):
      self = choosing("there is no rule `\(name)`", name, known + [ConditionRule.rule], "rules are")
    case .unknownSetting(let rule, let setting, let known):
      self = choosing("the rule `\(rule)` has no setting `\(setting)`", setting, known, "its settings are")
    case .invalidSetting(let rule, let setting, let expected):
      self = Failure(.usage, "the setting `\(setting)` of the rule `\(rule)` is not \(expected)")
      if rule == ConditionRule.rule {
        hints.append(
          "write it like `--rule '{\"rule\":\"sql\",\"name\":\"low-quality\",\"where\":\"quality < 3\"}'`")
      }
    case .invalidList:
      self = Failure(
        .usage, "a rule is a name, or an object with `rule` and its settings",
        hint: "write it like `--rule '{\"rule\":\"too-long\",\"output\":500}'`")
    }
  }
}
