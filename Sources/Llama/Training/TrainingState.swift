/// How far a training has come: all that decides how it goes on, apart from weights and moments.
public struct TrainingState: Sendable, Equatable {
  /// Optimiser steps taken.
  public var steps = 0
  /// The epoch the next step belongs to, from 0.
  public var epoch = 0
  /// Examples of this epoch that were used.
  public var examplesOfEpoch = 0
  /// Tokens the model read.
  public var tokens = 0
  /// Labels learned from.
  public var labels = 0
  /// The first step's loss.
  public var firstLoss = 0.0
  /// The last step's loss.
  public var lastLoss = 0.0
  /// Time over all steps (seconds).
  public var seconds = 0.0

  /// The beginning.
  public init() {}

  mutating func add(_ step: TrainingStep) {
    if steps == 0 { firstLoss = step.loss }
    steps += 1
    tokens += step.tokens
    labels += step.labels
    lastLoss = step.loss
    seconds += step.seconds
  }
}
