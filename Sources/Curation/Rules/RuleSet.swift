public import Records

/// Rules that are asked one after the other.
public struct RuleSet: Sendable {
  /// No rule has this name.
  public struct UnknownRule: Error, Equatable {
    /// What was asked for.
    public let name: String
    /// All names, without versions, of rules and of groups of them.
    public let known: [String]
  }

  private struct Entry: Sendable {
    let rule: any Rule
    let severity: RuleFinding.Severity
  }

  /// Every rule with its default parameters, in the order in which sets by name ask them. ``LanguageRule`` is silent
  /// unless languages are declared.
  public static let all: [any Rule] = [
    EmptyRule(), TooShortRule(), TooLongRule(), PlaceholderRule(), PromptLeakageRule(), RefusalRule(),
    RepetitionRule(), RepeatedLinesRule(), AnswerEqualsQuestionRule(), UnansweredChoiceRule(), LanguageRule(),
    ControlCharactersRule(), EmailAddressRule(), PhoneNumberRule(), BankAccountRule(), SocialSecurityRule(),
    PaymentCardRule(), IPAddressRule(),
  ]

  /// The rules that a group's name stands for.
  public static let groups: [(name: String, rules: [String])] = [
    ("personal-data", ["email", "phone", "iban", "us-ssn", "payment-card", "ip-address"])
  ]

  private let entries: [Entry]

  /// Rules in an order of the caller's, each with the severity that is given or its own.
  public init(_ rules: [(rule: any Rule, severity: RuleFinding.Severity?)]) {
    entries = rules.map { Entry(rule: $0.rule, severity: $0.severity ?? type(of: $0.rule).severity) }
  }

  /// Rules with their default parameters and severities, in the order of ``all``, each once.
  /// - Parameter names: with or without version, or a group's; all rules when it is empty.
  /// - Throws: ``UnknownRule`` for the first name that is none.
  public init(named names: [String] = []) throws(UnknownRule) {
    var wanted: Set<String> = []
    for name in names {
      if let group = Self.groups.first(where: { $0.name == name }) {
        wanted.formUnion(group.rules)
      } else if let rule = Self.all.first(where: { type(of: $0).name == name || Self.short($0) == name }) {
        wanted.insert(Self.short(rule))
      } else {
        throw UnknownRule(name: name, known: Self.all.map(Self.short) + Self.groups.map(\.name))
      }
    }
    self.init(Self.all.filter { names.isEmpty || wanted.contains(Self.short($0)) }.map { ($0, nil) })
  }

  /// What a pair fails, in the order of the rules, then of its fields, then of the bytes.
  public func findings(in pair: Pair) -> [RuleFinding] {
    let subject = RuleSubject(pair)
    return entries.flatMap { entry in
      entry.rule.marks(in: subject).map {
        RuleFinding(rule: type(of: entry.rule).name, severity: entry.severity, mark: $0)
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
