/// How a model is trained: all that decides the result, apart from the model and the examples.
public struct TrainingConfig: Sendable, Equatable {
  /// How long to train.
  public enum Length: Sendable, Equatable {
    /// So many passes over all examples.
    case epochs(Int)
    /// So many optimiser steps, over as many passes as they take.
    case steps(Int)
  }

  /// How long to train.
  public var length: Length
  /// Sequences whose gradients are computed together.
  public var batchSize: Int
  /// Batches whose gradients are summed before a step.
  public var accumulation: Int
  /// The highest learning rate.
  public var learningRate: Double
  /// The shape of the learning rate over the steps.
  public var schedule: LearningRateSchedule.Shape
  /// The part of all steps in which the learning rate rises from 0.
  public var warmupRatio: Double
  /// Decoupled weight decay (AdamW).
  public var weightDecay: Double
  /// The gradient's greatest L2 norm; 0 leaves it alone.
  public var maxGradientNorm: Double
  /// Decides the order of the examples.
  public var seed: UInt64

  /// A configuration; the defaults are Stanford Alpaca's with a batch that fits a small machine.
  public init(
    length: Length = .epochs(3), batchSize: Int = 4, accumulation: Int = 1, learningRate: Double = 2e-5,
    schedule: LearningRateSchedule.Shape = .cosine, warmupRatio: Double = 0.03, weightDecay: Double = 0,
    maxGradientNorm: Double = 1, seed: UInt64 = 42
  ) {
    self.length = length
    self.batchSize = batchSize
    self.accumulation = accumulation
    self.learningRate = learningRate
    self.schedule = schedule
    self.warmupRatio = warmupRatio
    self.weightDecay = weightDecay
    self.maxGradientNorm = maxGradientNorm
    self.seed = seed
  }

  /// What is wrong with the values, or nil.
  public var problem: String? {
    let (what, count) =
      switch length {
      case .epochs(let count): ("epochs", count)
      case .steps(let count): ("steps", count)
      }
    for (what, count) in [(what, count), ("batch", batchSize), ("gradient accumulation", accumulation)] {
      // A million of each keeps their products far from overflow.
      if !(1...1_000_000 ~= count) { return "\(what) must be from 1 to 1,000,000, not \(count)" }
    }
    if !(learningRate > 0 && learningRate.isFinite) {
      return "learning rate must be above 0, not \(learningRate)"
    }
    if !(0...1 ~= warmupRatio) { return "warm-up ratio must be from 0 to 1, not \(warmupRatio)" }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      return "weight decay must be 0 or more, not \(weightDecay)"
    }
    if !(maxGradientNorm >= 0) {
      return "the gradient's norm limit must be 0 or more, not \(maxGradientNorm)"
    }
    return nil
  }

  /// Examples of one optimiser step.
  public var examplesPerStep: Int { batchSize * accumulation }

  /// Optimiser steps for this many examples; the last step of an epoch takes what is left.
  public func steps(examples: Int) -> Int {
    switch length {
    case .steps(let count): count
    case .epochs(let count): count * ((examples + examplesPerStep - 1) / examplesPerStep)
    }
  }
}
