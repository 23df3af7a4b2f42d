public import Records

/// Rules that are asked one after the other.
public struct RuleSet: Sendable {
  private struct Entry: Sendable {
    let rule: any Rule
    let severity: RuleFinding.Severity
  }

  /// Every rule with its default parameters, in the order in which sets by name ask them. ``LanguageRule`` is silent
  /// without declared languages, ``PatternRule`` without an expression.
  public static let all: [any Rule] = [
    EmptyRule(), TooShortRule(), TooLongRule(), PlaceholderRule(), PromptLeakageRule(), RefusalRule(),
    RepetitionRule(), RepeatedLinesRule(), AnswerEqualsQuestionRule(), UnansweredChoiceRule(), LanguageRule(),
    ControlCharactersRule(), EmailAddressRule(), PhoneNumberRule(), BankAccountRule(), SocialSecurityRule(),
    PaymentCardRule(), IPAddressRule(), PatternRule(),
  ]

  /// The rules that a group's name stands for.
  public static let groups: [(name: String, rules: [String])] = [
    ("personal-data", ["email", "phone", "iban", "us-ssn", "payment-card", "ip-address"])
  ]

  /// The name that stands for all rules.
  public static let everyRule = "all"

  /// What a name of the user's for a rule has to be.
  public static let freeNames =
    "a name of its own: letters, digits, `_`, `-` and `.`, up to 60, and not a rule's"

  /// Names by which filters record what is no rule of a set.
  private static let others = ["rouge-l", "sql"]

  /// Whether a rule of the user's may have this name: see ``freeNames``.
  public static func isFree(_ name: String) -> Bool {
    let isName =
      (1...60).contains(name.utf8.count)
      && name.utf8.allSatisfy { ASCIIRun.isMember($0) || "_-.".utf8.contains($0) }
    let known = all.flatMap { [type(of: $0).name, short($0)] } + groups.map(\.name) + others + [everyRule]
    return isName && !known.contains(name)
  }

  private let entries: [Entry]

  /// Rules in an order of the caller's, each with the severity that is given or its own.
  public init(_ rules: [(rule: any Rule, severity: RuleFinding.Severity?)]) {
    entries = rules.map { Entry(rule: $0.rule, severity: $0.severity ?? type(of: $0.rule).severity) }
  }

  /// Rules with their default parameters and severities, in the order of ``all``, each once.
  /// - Parameter names: with or without version, or a group's; all rules when it is empty.
  /// - Throws: ``RuleSetFailure/unknownRule(name:known:)`` for the first name that is none.
  public init(named names: [String] = []) throws(RuleSetFailure) {
    var wanted: Set<String> = []
    for name in names { wanted.formUnion(try Self.rules(named: name).map { type(of: $0).name }) }
    self.init(Self.all.filter { names.isEmpty || wanted.contains(type(of: $0).name) }.map { ($0, nil) })
  }

  /// Rules as ``settings`` or a recipe writes them, in that order.
  /// - Parameter settings: a list, each a name with or without version, or a group's, or an object
  ///   `{"rule", "severity"?, …parameters}`.
  public init(settings: JSONValue) throws(RuleSetFailure) {
    guard case .array(let values) = settings else { throw .invalidList }
    var rules: [(rule: any Rule, severity: RuleFinding.Severity?)] = []
    for value in values {
      var members: [JSONMember] = []
      if case .object(let found) = value { members = found }
      let named = members.first { $0.name == "rule" }?.value ?? value
      guard case .string(let name) = named else { throw .invalidList }
      for rule in try Self.rules(named: name) {
        let type = type(of: rule)
        var settings = RuleSettings(of: type.name, members.filter { $0.name != "rule" })
        let severity = try settings.choice("severity", RuleFinding.Severity.self)
        rules.append((try type.init(reading: &settings), severity))
        try settings.finish()
      }
    }
    self.init(rules)
  }

  /// The rule of a name, or those of a group's.
  private static func rules(named name: String) throws(RuleSetFailure) -> [any Rule] {
    if name == everyRule { return all }
    let names = groups.first { $0.name == name }?.rules ?? [name]
    let found = all.filter { names.contains(type(of: $0).name) || names.contains(short($0)) }
    guard !found.isEmpty else {
      throw .unknownRule(name: name, known: all.map(short) + groups.map(\.name))
    }
    return found
  }

  /// What a pair fails, in the order of the rules, then of its fields, then of the bytes.
  public func findings(in pair: Pair) -> [RuleFinding] {
    let subject = RuleSubject(pair)
    return entries.flatMap { entry in
      entry.rule.marks(in: subject).map {
        RuleFinding(
          rule: entry.rule.givenName ?? type(of: entry.rule).name, severity: entry.severity, mark: $0)
      }
    }
  }

  /// What a filter records of it: `[{"rule","severity", …parameters}]`.
  public var settings: JSONValue {
    .array(
      entries.map { entry in
        .object(
          [
            JSONMember("rule", .string(type(of: entry.rule).name)),
            JSONMember("severity", .string(entry.severity.rawValue)),
          ] + entry.rule.settings)
      })
  }

  /// A rule's name without its version.
  private static func short(_ rule: any Rule) -> String {
    let name = type(of: rule).name
    return name.lastIndex(of: "-").map { String(name[..<$0]) } ?? name
  }
}
