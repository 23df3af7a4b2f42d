import Curation
import Records

/// `sql`: records for which a condition in SQL holds. One that is null does not.
struct ConditionRule: Sendable {
  /// The name of the rule.
  static let rule = "sql"

  /// What it is called in reasons and reports.
  let name: String
  let severity: RuleFinding.Severity
  /// Over the columns of the view `records` and of the rows.
  let condition: String

  private static let known = ["name", "severity", "where"]

  /// - Returns: nil when it is another rule.
  /// - Throws: `RuleSetFailure` for settings that it does not have.
  init?(_ value: JSONValue) throws {
    guard (value.string ?? value["rule"]?.string) == Self.rule else { return nil }
    for member in value.object ?? [] where member.name != "rule" && !Self.known.contains(member.name) {
      throw RuleSetFailure.unknownSetting(rule: Self.rule, setting: member.name, known: Self.known)
    }
    guard let condition = value["where"]?.string, !condition.allSatisfy(\.isWhitespace) else {
      throw RuleSetFailure.invalidSetting(
        rule: Self.rule, setting: "where", expected: "a condition in SQL, such as \"quality < 3\"")
    }
    self.condition = condition
    name = try Self.name(value["name"])
    severity = try Self.severity(value["severity"])
  }

  private static func name(_ value: JSONValue?) throws -> String {
    guard let value else { return rule }
    guard let name = value.string, name == rule || RuleSet.isFree(name), name != FilterPlan.rougeL else {
      throw RuleSetFailure.invalidSetting(rule: rule, setting: "name", expected: RuleSet.freeNames)
    }
    return name
  }

  private static func severity(_ value: JSONValue?) throws -> RuleFinding.Severity {
    guard let value else { return .drop }
    guard let severity = value.string.flatMap(RuleFinding.Severity.init) else {
      throw RuleSetFailure.invalidSetting(
        rule: rule, setting: "severity",
        expected: "one of \(RuleFinding.Severity.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return severity
  }

  /// What a filter records of it.
  var settings: JSONValue {
    .object(
      [
        JSONMember("rule", .string(Self.rule)), JSONMember("severity", .string(severity.rawValue)),
      ] + (name == Self.rule ? [] : [JSONMember("name", .string(name))])
        + [JSONMember("where", .string(condition))])
  }
}
