/// Turns examples into token sequences in which all but the answers is masked.
public struct ExampleEncoder: Sendable {
  /// The model's tokenizer.
  public let tokenizer: Tokenizer
  /// How examples are written.
  public let template: ExampleTemplate
  /// The token that ends an answer after a prompt.
  public let endOfSequence: Int32
  /// Most tokens of a sequence.
  public let limit: Int
  private let templateTokens: [String: Int32]

  /// An encoder. Throws `TrainingError.templateToken` when the tokenizer has no such token as the template needs.
  public init(
    tokenizer: Tokenizer, template: ExampleTemplate, endOfSequence: Int32, limit: Int
  ) throws(TrainingError) {
    self.tokenizer = tokenizer
    self.template = template
    self.endOfSequence = endOfSequence
    self.limit = limit
    var ids: [String: Int32] = [:]
    if case .chat(let chat) = template {
      for token in chat.tokens {
        guard let id = tokenizer.id(of: token) else {
          throw .templateToken(template: template.name, token: token)
        }
        ids[token] = id
      }
    }
    templateTokens = ids
  }

  /// The example's tokens and labels. A prompt of `limit` tokens or more leaves no label: see `TrainingSequence.trainedTokens`.
  ///
  /// Throws `TrainingError.earlierTurns` or `.turnsOutOfOrder` for a conversation that the template cannot hold.
  public func encode(_ example: TrainingExample) throws(TrainingError) -> TrainingSequence {
    switch template {
    case .prompt(let template):
      guard example.turns.isEmpty else { throw .earlierTurns(template: template.name) }
      return encode(example, after: template)
    case .chat(let template): return encode(try template.parts(example.messages))
    }
  }

  /// Prompt and answer are joined and tokenised once, the end-of-sequence token is appended, and the first n labels are
  /// masked, where n is the number of tokens of the prompt alone. Both are cut to `limit` at the right.
  ///
  /// Source: `preprocess` in tatsu-lab/stanford_alpaca, `train.py`.
  private func encode(_ example: TrainingExample, after template: PromptTemplate) -> TrainingSequence {
    let prompt = template.prompt(example)
    let text = tokenizer.encode(prompt + example.output, frames: false) + [endOfSequence]
    let tokens = tokenizer.framing(text, limit: limit)
    let masked = min(
      tokenizer.framing(tokenizer.encode(prompt, frames: false), limit: limit).count, tokens.count)
    let labels = [Int32](repeating: TrainingSequence.ignored, count: masked) + tokens[masked...]
    return TrainingSequence(tokens: tokens, labels: labels)
  }

  /// What stands between two tokens of the template is tokenised at once. Of such a stretch the first n labels are
  /// masked, where n is the number of tokens of what comes before the answer: a model begins to answer there.
  func encode(_ parts: [ChatTemplate.Part]) -> TrainingSequence {
    var sequence = TrainingSequence(tokens: [], labels: [])
    var stretch: [(text: String, isLearned: Bool)] = []
    func append(_ token: Int32, _ isLearned: Bool) {
      sequence.tokens.append(token)
      sequence.labels.append(isLearned ? token : TrainingSequence.ignored)
    }
    func endStretch() {
      var written = ""
      var done = 0
      let whole = stretch.map(\.text).joined()
      let isStart = sequence.tokens.isEmpty
      let tokens = tokenizer.encodePlain(whole, isStart: isStart)
      for (index, part) in stretch.enumerated() {
        written += part.text
        let isLast = index == stretch.count - 1
        let end = isLast ? tokens.count : tokenizer.encodePlain(written, isStart: isStart).count
        for token in tokens[done..<max(done, min(end, tokens.count))] { append(token, part.isLearned) }
        done = max(done, min(end, tokens.count))
      }
      stretch = []
    }
    for part in parts {
      switch part {
      case .text(let text, let isLearned):
        if let last = stretch.indices.last, stretch[last].isLearned == isLearned {
          stretch[last].text += text
        } else {
          stretch.append((text, isLearned))
        }
      case .token(let text, let isLearned):
        endStretch()
        if let id = templateTokens[text] { append(id, isLearned) }
      }
    }
    endStretch()
    return TrainingSequence(
      tokens: Array(sequence.tokens.prefix(limit)), labels: Array(sequence.labels.prefix(limit)))
  }
}

extension TrainingSequence {
  /// How many tokens are predicted and compared: labels other than `ignored`, without the first, which nothing precedes.
  public var trainedTokens: Int { labels.dropFirst().count { $0 != Self.ignored } }
}
