/// What training tells while it runs.
public enum TrainEvent: Sendable {
  /// Everything is read and verified.
  case ready(TrainPlan)
  /// An optimiser step is done.
  case step(TrainStep)
}

/// What is about to be trained.
public struct TrainPlan: Sendable {
  /// Short id of the commit.
  public var commit: String
  /// Records used.
  public var records: Int
  /// Parameters of the model.
  public var parameters: Int
  /// Optimiser steps.
  public var steps: Int
  /// Name of the template that the examples are written in.
  public var template: String
  /// Whether the model has a chat template of its own that is none of the known ones.
  public var ignoresChatTemplate: Bool
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
