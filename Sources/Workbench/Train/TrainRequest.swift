/// Finetunes a model on a version.
public struct TrainRequest: Sendable {
  /// Which version.
  public var version: CheckoutRequest.Version
  /// Folder of the model to begin with.
  public var model: String
  /// Folder for the result.
  public var output: String
  /// Go on with the training that was stopped in the output's folder, if there is one.
  public var resumes = false

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
  /// Highest learning rate; nil takes 2e-5, and 2e-4 for an adapter.
  public var learningRate: Double?
  /// What the rate does after it has risen: `cosine`, `linear` or `constant`.
  public var schedule = "cosine"
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
  /// Compute the layers again on the way back instead of keeping them.
  public var recomputes = false
  /// Name of the template; nil takes the model's own where it is known, and Alpaca's prompts elsewhere.
  public var template: String?
  /// Train on this many records, drawn by the seed; nil for all.
  public var records: Int?

  /// Train a low-rank adapter; nil trains the whole model.
  public var adapter: Adapter?
  /// Measure on held-out records; nil does not.
  public var validation: Validation?
  /// Steps between two checkpoints, 0 for none; nil makes one about every five minutes.
  public var checkpointEvery: Int?

  /// A low-rank adapter.
  public struct Adapter: Sendable {
    /// Rows of its matrices A.
    public var rank: Int
    /// What its products are scaled by, times the rank; nil takes twice the rank.
    public var alpha: Double?
    /// Share of its inputs that is dropped while training.
    public var dropout = 0.0
    /// The matrices of a block that it stands beside; empty for all of them.
    public var modules: [String] = []
    /// Write the model with the adapter added to its weights, instead of the adapter.
    public var isMerged = false

    /// An adapter of a rank.
    public init(rank: Int) { self.rank = rank }
  }

  /// Records to measure on.
  public struct Validation: Sendable {
    /// Their version.
    public var revision: String
    /// Steps between two measurements; nil measures before the first step and after the last.
    public var every: Int?
    /// Stop after this many measurements without a smaller loss, and write the weights of the smallest; nil never does.
    public var patience: Int?

    /// The records of a version.
    public init(revision: String) { self.revision = revision }
  }

  /// A request with the defaults of the command line.
  public init(version: CheckoutRequest.Version, model: String, output: String) {
    self.version = version
    self.model = model
    self.output = output
  }
}

/// What training did.
public struct TrainResult: Sendable {
  /// The recorded run.
  public var run: RunSummary
  /// Folder of the result, as asked for.
  public var output: String
  /// Whether it stopped before its last step, because the held-out loss had stopped falling.
  public var stoppedEarly: Bool
}
