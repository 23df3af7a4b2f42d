extension ExampleEncoder {
  /// The tokens after which the example's answer begins; its output is not looked at. Nothing is cut.
  ///
  /// Throws `TrainingError.earlierTurns` or `.turnsOutOfOrder` for a conversation that the template cannot hold.
  public func prompt(_ example: TrainingExample) throws(TrainingError) -> [Int32] {
    switch template {
    case .prompt(let template):
      guard example.turns.isEmpty else { throw .earlierTurns(template: template.name) }
      return tokenizer.opening(template.prompt(example))
    case .chat(let template): return encode(try template.promptParts(example.messages)).tokens
    }
  }

  /// The tokens that end an answer in this template.
  public var answerEnds: [Int32] {
    guard case .chat(let template) = template else { return [endOfSequence] }
    return [tokenizer.id(of: template.answerEnd) ?? endOfSequence]
  }
}

extension ChatTemplate {
  /// The parts of a conversation up to where its last message, an answer, begins.
  func promptParts(_ messages: [ChatMessage]) throws(TrainingError) -> [Part] {
    let parts = try parts(Array(messages.dropLast()))
    return switch form {
    case .chatML:
      parts + [.token("<|im_start|>", isLearned: false), .text("assistant\n", isLearned: false)]
    case .llama2: parts
    case .llama3:
      parts + [
        .token("<|start_header_id|>", isLearned: false), .text("assistant", isLearned: false),
        .token("<|end_header_id|>", isLearned: false), .text("\n\n", isLearned: false),
      ]
    }
  }

  /// The token that ends an answer.
  var answerEnd: String {
    switch form {
    case .chatML: "<|im_end|>"
    case .llama2: "</s>"
    case .llama3: "<|eot_id|>"
    }
  }
}

extension Tokenizer {
  /// The tokens of a text that goes on: with what the tokenizer puts before a text, and not what it puts after one. Special
  /// tokens in it are found.
  public func opening(_ text: String) -> [Int32] { frame.before + encode(text, frames: false) }
}
