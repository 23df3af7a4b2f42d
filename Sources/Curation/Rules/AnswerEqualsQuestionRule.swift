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
    for text in [subject.instruction, subject.input].compactMap({ $0 }) {
      text.bytes.withUnsafeBufferPointer { encoder.append($0, to: &lists) }
    }
    // The lists stand one after the other: all ids are the instruction and the input in a row.
    let questions = (0..<lists.count).map { lists[$0] } + [lists.ids[...]]
    subject.output.bytes.withUnsafeBufferPointer { answer in
      // Most answers begin with something else; a word that is cut through does not count.
      let head = UnsafeBufferPointer(rebasing: answer.prefix(256))
      encoder.append(head, to: &lists)
      let words = lists[lists.count - 1]
      if answer.count > head.count, questions.contains(where: { $0.starts(with: words.dropLast()) }) {
        encoder.append(answer, to: &lists)
      }
    }
    let answer = lists[lists.count - 1]
    return !answer.isEmpty && questions.contains(answer) ? [RuleMark(subject.output)] : []
  }
}
