import Curation
import History
import Records

/// The rules of a filter in their order: those that look at texts, and conditions over the records of a version.
struct FilterRules: Sendable {
  /// Neighbours of one kind.
  private enum Part: Sendable {
    case texts(RuleSet)
    case condition(ConditionRule)
  }

  private let parts: [Part]

  /// - Parameter rules: names, or JSON objects with `rule` and its settings.
  /// - Throws: ``Failure`` of kind `usage` for one that is none.
  init(_ rules: [String]) throws {
    var parts: [Part] = []
    var texts: [JSONValue] = []
    func close() throws(RuleSetFailure) {
      if !texts.isEmpty { parts.append(.texts(try RuleSet(settings: .array(texts)))) }
      texts = []
    }
    do {
      for rule in rules {
        let value = try Self.value(rule)
        guard let condition = try ConditionRule(value) else {
          texts.append(value)
          continue
        }
        try close()
        parts.append(.condition(condition))
      }
      try close()
    } catch let error as RuleSetFailure {
      throw Failure(error)
    }
    self.parts = parts
  }

  private static func value(_ rule: String) throws -> JSONValue {
    guard rule.utf8.first == UInt8(ascii: "{") else { return .string(rule) }
    do {
      return try JSON.parse(Array(rule.utf8))
    } catch {
      throw Failure(
        .usage, "a rule with settings is not valid JSON: \(error)",
        hint: "write it like `--rule '{\"rule\":\"too-long\",\"output\":500}'`")
    }
  }

  /// What a filter records of them.
  var settings: JSONValue {
    .array(
      parts.flatMap { part in
        switch part {
        case .texts(let rules): rules.settings.array ?? []
        case .condition(let rule): [rule.settings]
        }
      })
  }

  /// What the rules for texts find in a pair, for ``found(_:at:_:)``.
  func findings(in pair: Pair) -> [[RuleFinding]] {
    parts.map { part in
      if case .texts(let rules) = part { rules.findings(in: pair) } else { [] }
    }
  }

  /// Whether any rule looks at texts.
  var readsTexts: Bool {
    parts.contains { if case .texts = $0 { true } else { false } }
  }

  /// Which records of a version the conditions hold for, for ``found(_:at:_:)``.
  ///
  /// - Throws: ``Failure`` for a file, whose rows are no records yet, and when a condition cannot be asked.
  func matches(in source: PairSource, timeLimit: Double, memoryLimit: Int?) throws -> [[Bool]] {
    try parts.map { part in
      guard case .condition(let rule) = part else { return [] }
      guard case .version(let commit, let workspace) = source else {
        throw Failure(
          .usage, "a condition in SQL is about the records of a version, and this is a file",
          hint: "commit it first, and filter the version: `mdata commit FILE -m MESSAGE`")
      }
      return try ConditionScan.matches(
        rule.condition, commit, timeLimit: timeLimit, memoryLimit: memoryLimit, in: workspace)
    }
  }

  /// What an item falls under, in the order of the rules.
  ///
  /// - Parameters:
  ///   - findings: what was found in its pair.
  ///   - place: its place among the items, from 0.
  ///   - matches: what the conditions hold for.
  func found(
    _ findings: [[RuleFinding]], at place: Int, _ matches: [[Bool]]
  ) -> [FilterFinding] {
    parts.enumerated().flatMap { number, part in
      switch part {
      case .texts:
        return findings[number].map { FilterFinding(rule: $0.rule, severity: $0.severity, mark: $0.mark) }
      case .condition(let rule):
        let holds = place < matches[number].count && matches[number][place]
        return holds ? [FilterFinding(rule: rule.name, severity: rule.severity, mark: nil)] : []
      }
    }
  }
}

/// That an item falls under a rule.
struct FilterFinding: Sendable {
  let rule: String
  let severity: RuleFinding.Severity
  /// Where; nil for a condition, which is about the record.
  let mark: RuleMark?
}
