/// Trains a model on tokenised examples.
///
/// A function of its inputs: time comes from a closure and is only reported. Within a step the loss is the mean over all
/// labels of the step, however they fall into batches, as transformers' Trainer does it.
public struct TrainingLoop: Sendable {
  /// What decides the result.
  public let config: TrainingConfig

  /// A loop. Throws `TrainingError.configuration`.
  public init(_ config: TrainingConfig) throws {
    if let problem = config.problem { throw TrainingError.configuration(problem) }
    self.config = config
  }

  /// Trains `model`. `clock` gives seconds that never go back; `progress` is called after each step and may throw to stop.
  ///
  /// Throws `TrainingError.nothingToLearn`, `.diverged`; `LlamaModelError`; and what `progress` throws.
  public func run(
    _ model: LlamaModel, on sequences: [TrainingSequence], clock: () -> Double,
    progress: (TrainingStep) throws -> Void
  ) throws -> TrainingSummary {
    let usable = sequences.indices.filter { sequences[$0].trainedTokens > 0 }
    guard !usable.isEmpty else { throw TrainingError.nothingToLearn(examples: sequences.count) }
    var summary = TrainingSummary()
    summary.skippedExamples = sequences.indices.filter { sequences[$0].trainedTokens == 0 }
    var isUsed = [Bool](repeating: false, count: sequences.count)

    let total = config.steps(examples: usable.count)
    let schedule = LearningRateSchedule(
      peak: config.learningRate, shape: config.schedule, warmupRatio: config.warmupRatio, total: total)
    let perStep = config.examplesPerStep
    let order = EpochOrder(seed: config.seed, count: usable.count)
    var epoch = 0
    while summary.steps < total {
      let indices = order.indices(epoch: epoch).map { usable[$0] }
      var next = 0
      while next < indices.count, summary.steps < total {
        let examples = Array(indices[next...].prefix(perStep))
        next += examples.count
        let began = clock()
        var step = try self.step(
          model, sequences, examples: examples, number: summary.steps + 1, rate: schedule.rate(summary.steps))
        step.totalSteps = total
        step.epoch = epoch
        step.seconds = clock() - began
        for example in examples { isUsed[example] = true }
        summary.add(step)
        try progress(step)
      }
      epoch += 1
    }
    summary.usedExamples = isUsed.indices.filter { isUsed[$0] }
    return summary
  }

  /// Gradients of all batches of the step, then one update. Nothing is updated when the numbers are no longer finite.
  private func step(
    _ model: LlamaModel, _ sequences: [TrainingSequence], examples: [Int], number: Int, rate: Double
  ) throws -> TrainingStep {
    model.zeroGradients()
    var loss = LossSum()
    var tokens = 0
    for start in stride(from: 0, to: examples.count, by: config.batchSize) {
      let batch = examples[start..<min(start + config.batchSize, examples.count)].map { sequences[$0] }
      loss += try model.accumulateGradients(batch)
      tokens += batch.reduce(0) { $0 + $1.tokens.count }
    }
    let limit = config.maxGradientNorm > 0 ? Float(config.maxGradientNorm) : nil
    let norm = Double(model.clipGradients(maxNorm: limit, scale: 1 / Float(loss.count)))
    guard loss.mean.isFinite, norm.isFinite else {
      throw TrainingError.diverged(step: number, loss: loss.mean, gradientNorm: norm)
    }
    model.adamStep(learningRate: rate, AdamW(weightDecay: config.weightDecay))
    return TrainingStep(
      step: number, totalSteps: 0, epoch: 0, loss: loss.mean, tokens: tokens, labels: loss.count, seconds: 0,
      learningRate: rate, gradientNorm: norm, examples: examples)
  }
}

extension TrainingSummary {
  fileprivate mutating func add(_ step: TrainingStep) {
    if steps == 0 { firstLoss = step.loss }
    steps += 1
    tokens += step.tokens
    labels += step.labels
    lastLoss = step.loss
    seconds += step.seconds
  }
}
