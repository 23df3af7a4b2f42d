/// Turns examples into token sequences with the prompt masked.
///
/// Prompt and answer are joined and tokenised once, the end-of-sequence token is appended, and the first n labels are
/// masked, where n is the number of tokens of the prompt alone. Both are cut to `limit` at the right.
/// Source: `preprocess` in tatsu-lab/stanford_alpaca, `train.py`.
public struct ExampleEncoder: Sendable {
  /// The model's tokenizer.
  public let tokenizer: Tokenizer
  /// How prompts are written.
  public let template: PromptTemplate
  /// The token that ends an answer.
  public let endOfSequence: Int32
  /// Most tokens of a sequence.
  public let limit: Int

  /// An encoder.
  public init(tokenizer: Tokenizer, template: PromptTemplate, endOfSequence: Int32, limit: Int) {
    self.tokenizer = tokenizer
    self.template = template
    self.endOfSequence = endOfSequence
    self.limit = limit
  }

  /// The example's tokens and labels. A prompt of `limit` tokens or more leaves no label: see `TrainingSequence.trainedTokens`.
  public func encode(_ example: TrainingExample) -> TrainingSequence {
    let prompt = template.prompt(example)
    let text = tokenizer.encode(prompt + example.output, frames: false) + [endOfSequence]
    let tokens = tokenizer.framing(text, limit: limit)
    let masked = min(
      tokenizer.framing(tokenizer.encode(prompt, frames: false), limit: limit).count, tokens.count)
    let labels = [Int32](repeating: TrainingSequence.ignored, count: masked) + tokens[masked...]
    return TrainingSequence(tokens: tokens, labels: labels)
  }
}

extension TrainingSequence {
  /// How many tokens are predicted and compared: labels other than `ignored`, without the first, which nothing precedes.
  public var trainedTokens: Int { labels.dropFirst().count { $0 != Self.ignored } }
}
