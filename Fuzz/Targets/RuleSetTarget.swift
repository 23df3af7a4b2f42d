import Curation
import Records

extension FuzzTarget {
  /// Settings of rules as JSON, then after the first zero byte the texts of a pair, which zero bytes part.
  ///
  /// What is accepted is written again to the same rules, which find the same; places are whole characters of their text.
  static let ruleSet = FuzzTarget("rule-set", longest: 2048) { input in
    let parts = input.split(separator: 0, omittingEmptySubsequences: false)
    let texts = parts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
    let pair = Pair(
      instruction: texts.first ?? "", input: texts.count > 2 ? texts[2] : nil,
      output: texts.count > 1 ? texts[1] : "", system: texts.count > 3 ? texts[3] : nil,
      turns: texts.dropFirst(4).map { .init(role: .user, content: $0) })
    do {
      let rules = try RuleSet(settings: JSON.parse(Array(parts.first ?? [])))
      let findings = rules.findings(in: pair)
      let again: RuleSet
      do {
        again = try RuleSet(settings: rules.settings)
      } catch {
        throw BrokenPromise("rules whose settings are refused: \(error)")
      }
      try promise(again.settings == rules.settings, "settings that change when they are read")
      try promise(again.findings(in: pair) == findings, "findings that change when the settings are read")
      for finding in findings { try check(finding.mark, in: pair) }
    } catch is RuleSetFailure {
      return false
    } catch is JSONFailure {
      return false
    }
    return true
  }

  private static func check(_ mark: RuleMark, in pair: Pair) throws {
    let text: String? =
      switch mark.field {
      case .instruction: pair.instruction
      case .input: pair.input
      case .output: pair.output
      case .system: pair.system
      case .turns: mark.turn.flatMap { pair.turns.indices.contains($0) ? pair.turns[$0].content : nil }
      }
    guard let bytes = text.map({ Array($0.utf8) }) else { throw BrokenPromise("a mark in no text: \(mark)") }
    try promise(mark.value?.isFinite ?? true, "a value that is none: \(mark)")
    guard let span = mark.span else { return }
    try promise(span.upperBound <= bytes.count, "a span outside of its text: \(mark)")
    try promise(
      [span.lowerBound, span.upperBound].allSatisfy { $0 == bytes.count || bytes[$0] & 0xC0 != 0x80 },
      "a span that cuts a character: \(mark)")
  }
}
