import Records

@testable import Curation

/// Pairs and rules put together for the tests of rules. All texts were written for them; no clinician reviewed any.
enum RuleCheck {
  /// What of a field's text the rule marks, each mark's bytes as text; a mark of the whole field is the text itself.
  static func marked(
    _ rule: some Rule, instruction: String = "Name one cause of cough.", input: String? = nil,
    output: String = "A common cause is a cold."
  ) -> [String] {
    let pair = Pair(instruction: instruction, input: input, output: output)
    let subject = RuleSubject(pair)
    return rule.marks(in: subject).map { mark in
      guard let text = subject.texts.first(where: { $0.field == mark.field && $0.turn == mark.turn }) else {
        return "?"
      }
      return mark.span.map { String(decoding: text.bytes[$0], as: UTF8.self) } ?? text.string
    }
  }

  /// The fields that the rule marks.
  static func fields(_ rule: some Rule, _ pair: Pair) -> [PairField] {
    rule.marks(in: RuleSubject(pair)).map(\.field)
  }
}
