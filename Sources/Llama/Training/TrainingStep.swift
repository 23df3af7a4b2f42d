/// What happened in one optimiser step.
public struct TrainingStep: Sendable, Equatable {
  /// The step, from 1.
  public var step: Int
  /// All steps of the run.
  public var totalSteps: Int
  /// The epoch the step belongs to, from 0.
  public var epoch: Int
  /// Mean loss over the labels of the step's batch, before the step (nats a token).
  public var loss: Double
  /// Tokens the model read.
  public var tokens: Int
  /// Labels the loss is the mean of.
  public var labels: Int
  /// Time the step took, by the caller's clock (seconds).
  public var seconds: Double
  /// The step's learning rate.
  public var learningRate: Double
  /// The gradient's L2 norm before clipping.
  public var gradientNorm: Double
  /// The indices of the examples used, in their order.
  public var examples: [Int]

  /// Tokens a second; 0 when the clock stood still.
  public var tokensPerSecond: Double { seconds > 0 ? Double(tokens) / seconds : 0 }
}
