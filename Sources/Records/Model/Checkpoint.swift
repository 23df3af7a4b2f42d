/// A training that is not finished: everything but its weights and moments, which lie in a file beside it.
public struct Checkpoint: Sendable, Equatable {
  /// The file with weights and moments.
  public struct Tensors: Sendable, Equatable {
    /// Its name in the checkpoint's folder.
    public var file: String
    /// The digest of its bytes.
    public var digest: ContentDigest

    /// A file.
    public init(file: String, digest: ContentDigest) {
      self.file = file
      self.digest = digest
    }
  }

  /// The held-out losses so far.
  public struct Validation: Sendable, Equatable {
    /// Before the first step, in nats a token.
    public var before: Double
    /// The smallest.
    public var best: Double
    /// The step it was measured after.
    public var bestStep: Int
    /// Measurements since without a smaller one.
    public var since: Int
    /// The file with the weights of that step; nil when they are not kept.
    public var weights: Tensors?

    /// Losses.
    public init(before: Double, best: Double, bestStep: Int, since: Int, weights: Tensors?) {
      self.before = before
      self.best = best
      self.bestStep = bestStep
      self.since = since
      self.weights = weights
    }
  }

  /// All that decides the result: version, model and settings. A training goes on only under the same.
  public var identity: JSONValue
  /// The instruction set it was computed with; another one rounds otherwise.
  public var instructionSet: String
  /// Optimiser steps taken.
  public var steps: Int
  /// The epoch of the next step, from 0.
  public var epoch: Int
  /// Examples of that epoch that were used.
  public var examplesOfEpoch: Int
  /// Tokens read.
  public var tokens: Int
  /// Labels learned from.
  public var labels: Int
  /// The losses so far.
  public var loss: Run.Loss
  /// Time over all steps (seconds).
  public var seconds: Double
  /// When the training began.
  public var started: Timestamp
  /// How long the file with the figures of each step was.
  public var metricsBytes: Int
  /// Weights and moments.
  public var tensors: Tensors
  /// What was measured on held-out records; nil when nothing was yet.
  public var validation: Validation?

  /// A checkpoint.
  public init(
    identity: JSONValue, instructionSet: String, steps: Int, epoch: Int, examplesOfEpoch: Int, tokens: Int,
    labels: Int, loss: Run.Loss, seconds: Double, started: Timestamp, metricsBytes: Int, tensors: Tensors,
    validation: Validation?
  ) {
    self.identity = identity
    self.instructionSet = instructionSet
    self.steps = steps
    self.epoch = epoch
    self.examplesOfEpoch = examplesOfEpoch
    self.tokens = tokens
    self.labels = labels
    self.loss = loss
    self.seconds = seconds
    self.started = started
    self.metricsBytes = metricsBytes
    self.tensors = tensors
    self.validation = validation
  }
}
