/// What training tells while it runs.
public enum TrainEvent: Sendable {
  /// Everything is read and verified.
  case ready(TrainPlan)
  /// An optimiser step is done.
  case step(TrainStep)
  /// The held-out records were measured, after so many steps.
  case validation(step: Int, loss: Double)
  /// So many steps can be gone on from.
  case checkpoint(step: Int)
}

/// What is about to be trained.
public struct TrainPlan: Sendable {
  /// Short id of the commit.
  public var commit: String
  /// Records used.
  public var records: Int
  /// Held-out records to measure on.
  public var heldOut: Int
  /// How many of those have the same pair as a record that is trained on.
  public var seenHeldOut: Int
  /// Parameters of the model.
  public var parameters: Int
  /// Numbers that the optimiser changes.
  public var trained: Int
  /// Optimiser steps.
  public var steps: Int
  /// Steps of them that a training which was stopped had taken.
  public var stepsDone: Int
  /// Whether the steps done were computed with other instructions than this processor's, which round otherwise.
  public var changesInstructions: Bool
  /// Most tokens of a micro-batch.
  public var tokens: Int
  /// Name of the template that the examples are written in.
  public var template: String
  /// Whether the model has a chat template of its own that is none of the known ones.
  public var ignoresChatTemplate: Bool
  /// What it will take.
  public var memory: TrainMemory
}

/// Memory in bytes.
public struct TrainMemory: Sendable {
  /// The model's weights, and an adapter's.
  public var weights: Int
  /// Gradients of what is trained.
  public var gradients: Int
  /// The optimiser's moments.
  public var moments: Int
  /// What a pass keeps or works in.
  public var activations: Int
  /// Packed operands.
  public var workspace: Int
  /// Tokenised records.
  public var data: Int
  /// What the system can give; nil when it does not say.
  public var available: Int?

  /// All that is taken.
  public var total: Int { weights + gradients + moments + activations + workspace + data }
}

/// One optimiser step.
public struct TrainStep: Sendable {
  /// From 1.
  public var step: Int
  /// Mean cross-entropy over the answers' tokens, in nats.
  public var loss: Double
  /// Tokens in the step.
  public var tokens: Int
  /// Speed of the step.
  public var tokensPerSecond: Double
}
