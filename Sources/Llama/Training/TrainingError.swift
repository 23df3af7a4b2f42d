/// Why training cannot begin or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A value of the configuration is out of range.
  case configuration(String)
  /// No example has a token to learn.
  case nothingToLearn(examples: Int)
  /// The loss or the gradient is no longer a number; the weights were not changed by this step.
  case diverged(step: Int, loss: Double, gradientNorm: Double)

  /// One sentence, with the next step.
  public var description: String {
    switch self {
    case .configuration(let problem): problem
    case .nothingToLearn(let examples):
      "none of the \(examples) examples has an answer token within the sequence length; raise it or check the data"
    case .diverged(let step, let loss, let norm):
      "training diverged at step \(step): loss \(loss), gradient norm \(norm);"
        + " lower the learning rate or set a gradient limit"
    }
  }
}
