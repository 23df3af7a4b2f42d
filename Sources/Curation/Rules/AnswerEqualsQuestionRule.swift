/// `answer-equals-question-v1`: an answer that is the instruction, or the input, or both in a row, again.
///
/// Texts are the same when they have the same tokens of `unicode-v1`, at least one: case, spacing, punctuation and how
/// characters are encoded do not count.
public struct AnswerEqualsQuestionRule: Rule {
  public static let name = "answer-equals-question-v1"
  public static let severity = RuleFinding.Severity.drop

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    var encoder = TokenEncoder(.unicode)
    var lists = TokenLists()
    for text in [subject.output, subject.instruction, subject.input].compactMap({ $0 }) {
      text.bytes.withUnsafeBufferPointer { encoder.append($0, to: &lists) }
    }
    let answer = lists[0]
    guard !answer.isEmpty else { return [] }
    // The lists stand one after the other: the last slice is the instruction and the input in a row.
    let questions = (1..<lists.count).map { lists[$0] } + [lists.ids[lists.offsets[1]...]]
    return questions.contains(answer) ? [RuleMark(subject.output)] : []
  }
}
