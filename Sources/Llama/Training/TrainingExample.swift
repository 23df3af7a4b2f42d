/// One pair as training sees it.
public struct TrainingExample: Sendable, Equatable {
  /// The system text, when the pair has one.
  public var system: String?
  /// Earlier messages, oldest first.
  public var turns: [ChatMessage]
  /// What is asked.
  public var instruction: String
  /// What it is asked about; nil and empty mean the same.
  public var input: String?
  /// The answer to be learned.
  public var output: String

  /// An example.
  public init(
    system: String? = nil, turns: [ChatMessage] = [], instruction: String, input: String? = nil,
    output: String
  ) {
    self.system = system
    self.turns = turns
    self.instruction = instruction
    self.input = input
    self.output = output
  }
}
