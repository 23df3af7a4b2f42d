/// Why training cannot begin or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A value of the configuration is out of range.
  case configuration(String)
  /// No example has a token to learn.
  case nothingToLearn(examples: Int)
  /// The loss or the gradient is no longer a number; the weights were not changed by this step. `examples` are the step's
  /// that alone make it so, or all of them when none does alone.
  case diverged(step: Int, loss: Double, gradientNorm: Double, examples: [Int])

  /// The tokenizer lacks a token that the template writes.
  case templateToken(template: String, token: String)
  /// A conversation has earlier turns, and the template has no place for them.
  case earlierTurns(template: String)
  /// The turns of a conversation do not alternate, as the template demands.
  case turnsOutOfOrder(template: String)

  /// One sentence, with the next step.
  public var description: String {
    switch self {
    case .configuration(let problem): problem
    case .nothingToLearn(let examples):
      "none of the \(examples) examples has an answer token within the sequence length; raise it or check the data"
    case .templateToken(let template, let token):
      "the template `\(template)` needs the token `\(token)`, which the model's tokenizer does not have"
    case .earlierTurns(let template):
      "there are earlier turns, which the template `\(template)` cannot hold"
    case .turnsOutOfOrder(let template):
      "the turns are not user and assistant by turns, as the template `\(template)` demands"
    case .diverged(let step, let loss, let norm, _):
      "training diverged at step \(step): loss \(loss), gradient norm \(norm);"
        + " lower the learning rate or set a gradient limit"
    }
  }
}
