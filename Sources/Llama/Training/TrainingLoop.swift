import Records

/// Trains a model on tokenised examples, a step at a time.
///
/// A function of its inputs: time comes from a closure and is only reported. Within a step the loss is the mean over all
/// labels of the step, however they fall into batches, as transformers' Trainer does it. A loop made from the state of
/// another, with a model that has its weights, moments and `optimizerSteps`, goes on as that one would have.
public struct TrainingLoop {
  /// What decides the result.
  public let config: TrainingConfig
  /// All steps, from the beginning.
  public let totalSteps: Int
  /// How far it has come.
  public private(set) var state: TrainingState
  /// Which examples have no token to learn and are left out, ascending.
  public let skippedExamples: [Int]

  private let model: LlamaModel
  private let sequences: [TrainingSequence]
  private let usable: [Int]
  private let order: EpochOrder
  private let schedule: LearningRateSchedule
  private var indices: [Int] = []  // of the epoch under way

  /// A loop over `sequences`, from the beginning or from a state.
  ///
  /// Throws `TrainingError.configuration`, `.nothingToLearn`.
  public init(
    _ config: TrainingConfig, _ model: LlamaModel, on sequences: [TrainingSequence],
    from state: TrainingState = TrainingState()
  ) throws {
    if let problem = config.problem { throw TrainingError.configuration(problem) }
    usable = sequences.indices.filter { sequences[$0].trainedTokens > 0 }
    guard !usable.isEmpty else { throw TrainingError.nothingToLearn(examples: sequences.count) }
    skippedExamples = sequences.indices.filter { sequences[$0].trainedTokens == 0 }
    self.config = config
    self.model = model
    self.sequences = sequences
    self.state = state
    totalSteps = config.steps(examples: usable.count)
    order = EpochOrder(seed: config.seed, count: usable.count)
    schedule = LearningRateSchedule(
      peak: config.learningRate, shape: config.schedule, warmupRatio: config.warmupRatio, total: totalSteps)
  }

  /// Whether all steps are taken.
  public var isDone: Bool { state.steps >= totalSteps }

  /// Which examples were used at least once, ascending.
  public var usedExamples: [Int] {
    if state.epoch > 0 { return usable }
    return order.indices(epoch: 0).prefix(state.examplesOfEpoch).map { usable[$0] }.sorted()
  }

  /// Takes the next step. `clock` gives seconds that never go back.
  ///
  /// Throws `TrainingError.diverged`, with the weights as they were; `LlamaModelError`.
  public mutating func step(clock: () -> Double) throws -> TrainingStep {
    if indices.isEmpty { indices = order.indices(epoch: state.epoch).map { usable[$0] } }
    let examples = Array(indices[state.examplesOfEpoch...].prefix(config.examplesPerStep))
    let began = clock()
    var step = try step(examples, number: state.steps + 1, rate: schedule.rate(state.steps))
    step.seconds = clock() - began
    state.add(step)
    state.examplesOfEpoch += examples.count
    if state.examplesOfEpoch == usable.count {
      state.epoch += 1
      state.examplesOfEpoch = 0
      indices = []
    }
    return step
  }

  /// Gradients of all batches of the step, then one update. Nothing is updated when the numbers are no longer finite.
  private func step(_ examples: [Int], number: Int, rate: Double) throws -> TrainingStep {
    model.zeroGradients()
    var loss = LossSum()
    var tokens = 0
    for (index, batch) in batches(examples).enumerated() {
      loss += try model.accumulateGradients(
        batch.map { sequences[$0] }, dropout: dropoutSeed(step: number, batch: index))
      tokens += batch.reduce(0) { $0 + sequences[$1].tokens.count }
    }
    let limit = config.maxGradientNorm > 0 ? Float(config.maxGradientNorm) : nil
    let norm = Double(model.clipGradients(maxNorm: limit, scale: 1 / Float(loss.count)))
    guard loss.mean.isFinite, norm.isFinite else {
      throw TrainingError.diverged(
        step: number, loss: loss.mean, gradientNorm: norm, examples: try culprits(examples, step: number))
    }
    model.adamStep(learningRate: rate, AdamW(weightDecay: config.weightDecay))
    return TrainingStep(
      step: number, totalSteps: totalSteps, epoch: state.epoch, loss: loss.mean, tokens: tokens,
      labels: loss.count, seconds: 0, learningRate: rate, gradientNorm: norm, examples: examples)
  }

  private func batches(_ examples: [Int]) -> [ArraySlice<Int>] {
    stride(from: 0, to: examples.count, by: config.batchSize).map {
      examples[$0..<min($0 + config.batchSize, examples.count)]
    }
  }

  private func dropoutSeed(step: Int, batch: Int) -> UInt64 {
    var random = SplitMix64(seed: config.seed ^ UInt64(step) << 32 ^ UInt64(batch))
    return random.next()
  }

  /// The examples that alone give a loss or gradients that are not finite; all when none does alone.
  private func culprits(_ examples: [Int], step: Int) throws -> [Int] {
    var found: [Int] = []
    for (index, batch) in batches(examples).enumerated() {
      for example in batch {
        model.zeroGradients()
        let loss = try model.accumulateGradients(
          [sequences[example]], dropout: dropoutSeed(step: step, batch: index))
        if !loss.sum.isFinite || !model.clipGradients(maxNorm: nil).isFinite { found.append(example) }
      }
    }
    return found.isEmpty ? examples : found
  }
}
