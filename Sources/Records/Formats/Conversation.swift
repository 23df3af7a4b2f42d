/// A conversation as a pair: the last answer is the output, the question before it the instruction, a first
/// system message the system message, and what is between them earlier turns.
enum Conversation {
  /// Moves the ends of `values.turns` to where a pair has them. `place` is where the messages begin.
  @inline(__always)
  static func split(_ values: inout RowValues, at place: Int) throws(RowFault) {
    guard let answer = values.turns.popLast(), case .assistant = answer.speaker else {
      throw RowFault(.noAnswer, at: place)
    }
    guard let question = values.turns.popLast(), case .user = question.speaker else {
      throw RowFault(.noQuestion, at: place)
    }
    values.output = answer.content
    values.instruction = question.content
    if let first = values.turns.first, case .system = first.speaker {
      guard values.system == nil else { throw RowFault(.twoSystems, at: place) }
      values.system = first.content
      values.systemIsMessage = true
      values.turns.removeFirst()
    }
  }
}
