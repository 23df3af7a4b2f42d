import Llama

/// Finetunes a model on a version.
public struct TrainRequest: Sendable {
  /// Which version.
  public var version: CheckoutRequest.Version
  /// Folder of the model to begin with.
  public var model: String
  /// Folder for the result.
  public var output: String
  /// Stop after this many steps; nil trains `epochs` passes.
  public var steps: Int?
  /// Passes over the data.
  public var epochs = 1
  /// Sequences in a micro-batch.
  public var batch = 4
  /// Micro-batches in a step.
  public var accumulate = 1
  /// Longest sequence, in tokens.
  public var sequenceLength = 512
  /// Highest learning rate.
  public var learningRate = 2e-5
  /// Share of the steps in which the rate rises.
  public var warmup = 0.03
  /// Decoupled weight decay.
  public var weightDecay = 0.0
  /// Largest gradient norm; 0 does not clip.
  public var clip = 1.0
  /// Seed of the order of the data.
  public var seed: UInt64 = 0
  /// Threads; nil takes the session's.
  public var threads: Int?
  /// What the operands of matrix products are rounded to: `f32` or `bf16`.
  public var precision = "f32"
  /// Name of the template; nil takes the model's own where it is known, and Alpaca's prompts elsewhere.
  public var template: String?
  /// Train on this many records, drawn by the seed; nil for all.
  public var records: Int?

  /// A request with the defaults of the command line.
  public init(version: CheckoutRequest.Version, model: String, output: String) {
    self.version = version
    self.model = model
    self.output = output
  }

  /// The loop's configuration.
  ///
  /// - Throws: ``Failure`` of kind `usage` for a value out of range.
  func configuration() throws -> TrainingConfig {
    if let template, !ExampleTemplate.names.contains(template) {
      throw Failure(
        .usage, "there is no template `\(template)`",
        hint: "the templates are \(ExampleTemplate.names.map { "`\($0)`" }.joined(separator: ", "))")
    }
    _ = try operands()
    guard (2...1 << 20).contains(sequenceLength) else {
      throw Failure(.usage, "`--seq-len` must be from 2 to 1,048,576")
    }
    if let threads, !(1...1024).contains(threads) {
      throw Failure(.usage, "`--threads` must be from 1 to 1,024")
    }
    if let records, records < 1 { throw Failure(.usage, "`--records` must be at least 1") }
    let config = TrainingConfig(
      length: steps.map { .steps($0) } ?? .epochs(epochs), batchSize: batch, accumulation: accumulate,
      learningRate: learningRate, schedule: .cosine, warmupRatio: warmup, weightDecay: weightDecay,
      maxGradientNorm: clip, seed: seed)
    if let problem = config.problem { throw Failure(.usage, problem) }
    return config
  }
}

extension TrainRequest {
  /// - Throws: ``Failure`` of kind `usage` when there is no such precision.
  func operands() throws -> Precision {
    guard let precision = Precision(rawValue: precision) else {
      throw Failure(
        .usage, "there is no precision `\(precision)`",
        hint: "it is `f32`, or `bf16` for products of bfloat16 with sums in single precision")
    }
    return precision
  }
}

/// What training did.
public struct TrainResult: Sendable {
  /// The recorded run.
  public var run: RunSummary
  /// Folder of the result, as asked for.
  public var output: String
}
