import Testing

@testable import Llama

@Suite struct TrainingLoopTests {
  func model(seed: UInt64 = 1) throws -> LlamaModel {
    let config = try LlamaConfig(
      vocabulary: 40, dim: 16, layers: 1, heads: 2, keyValueHeads: 1, feedForward: 24, tiedHead: true,
      maxPositions: 64)
    let model = try LlamaModel(config: config, threads: 1)
    model.initializeWeights(seed: seed)
    return model
  }

  /// Sequences that always count upwards: easy to learn.
  let sequences = (0..<7).map { start in
    let tokens = (0..<6).map { Int32((start * 5 + $0) % 40) }
    return TrainingSequence(tokens: tokens, labels: [-100, -100] + tokens[2...])
  }

  @Test func learnsAndReports() throws {
    var config = TrainingConfig(length: .epochs(20), batchSize: 2, accumulation: 2, learningRate: 1e-2)
    config.seed = 5
    var steps: [TrainingStep] = []
    var time = 0.0
    var loop = try TrainingLoop(config, model(), on: sequences)
    while !loop.isDone {
      steps.append(
        try loop.step(clock: {
          time += 0.5
          return time
        }))
    }
    let summary = loop.state
    #expect(steps.count == 40 && summary.steps == 40)
    #expect(steps.map(\.step) == Array(1...40))
    #expect(steps.allSatisfy { $0.totalSteps == 40 && $0.seconds == 0.5 && $0.gradientNorm > 0 })
    #expect(summary.lastLoss < summary.firstLoss / 1.5)
    #expect(steps[0].examples.count == 4 && steps[1].examples.count == 3)
    #expect(steps[0].tokens == 24 && steps[0].labels == 16 && steps[0].tokensPerSecond == 48)
    for epoch in 0..<20 {
      #expect(
        steps.filter { $0.epoch == epoch }.flatMap(\.examples)
          == EpochOrder(seed: 5, count: 7).indices(epoch: epoch))
    }
    #expect(loop.usedExamples == Array(0..<7))
    #expect(summary.tokens == 20 * 7 * 6 && summary.labels == 20 * 7 * 4 && summary.seconds == 20)
    #expect(summary.firstLoss == steps[0].loss && summary.lastLoss == steps[39].loss)
    let schedule = LearningRateSchedule(peak: 1e-2, shape: .cosine, warmupRatio: 0.03, total: 40)
    #expect(steps.map(\.learningRate) == (0..<40).map(schedule.rate))
  }

  /// How a step's examples are split into batches changes memory, not the result.
  @Test func accumulationEqualsABatch() throws {
    func losses(_ batch: Int, _ accumulation: Int) throws -> [Double] {
      var losses: [Double] = []
      let config = TrainingConfig(
        length: .steps(6), batchSize: batch, accumulation: accumulation, learningRate: 1e-3)
      var loop = try TrainingLoop(config, model(), on: sequences)
      while !loop.isDone { losses.append(try loop.step(clock: { 0 }).loss) }
      return losses
    }
    let (whole, split) = (try losses(4, 1), try losses(1, 4))
    #expect(zip(whole, split).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(try losses(4, 1) == whole)
  }

  @Test func stopsAfterItsSteps() throws {
    var loop = try TrainingLoop(TrainingConfig(length: .steps(1), batchSize: 3), model(), on: sequences)
    _ = try loop.step(clock: { 0 })
    #expect(loop.isDone)
    #expect(loop.usedExamples == EpochOrder(seed: 42, count: 7).indices(epoch: 0).prefix(3).sorted())
  }

  @Test func leavesOutWhatHasNoLabel() throws {
    var some = sequences
    some[2].labels = [Int32](repeating: -100, count: 6)
    some[4] = TrainingSequence(tokens: [1], labels: [1])
    var loop = try TrainingLoop(TrainingConfig(length: .epochs(1)), model(), on: some)
    while !loop.isDone {
      let examples = try loop.step(clock: { 0 }).examples
      #expect(!examples.contains(2) && !examples.contains(4))
    }
    #expect(loop.skippedExamples == [2, 4])
    #expect(loop.usedExamples == [0, 1, 3, 5, 6])
    #expect(throws: TrainingError.nothingToLearn(examples: 1)) {
      try TrainingLoop(TrainingConfig(), model(), on: [some[2]])
    }
    #expect(throws: TrainingError.nothingToLearn(examples: 0)) {
      try TrainingLoop(TrainingConfig(), model(), on: [])
    }
  }

  @Test func stopsBeforeItSpoilsTheWeights() throws {
    let model = try model()
    let name = "model.norm.weight"
    try model.fillWeight(name) { $0[0] = .nan }
    let before = try model.withWeight("model.embed_tokens.weight") { Array($0) }
    let failure = #expect(throws: TrainingError.self) {
      var loop = try TrainingLoop(TrainingConfig(warmupRatio: 0), model, on: sequences)
      _ = try loop.step(clock: { 0 })
    }
    if case .diverged(step: 1, _, _, let examples)? = failure {
      #expect(examples.count == 4)
    } else {
      Issue.record("\(String(describing: failure))")
    }
    #expect(try model.withWeight("model.embed_tokens.weight") { Array($0) } == before)
  }

  /// Of a step's examples, the one that alone makes the numbers infinite.
  @Test func namesTheExampleThatDiverges() throws {
    let config = try LlamaConfig(
      vocabulary: 41, dim: 16, layers: 1, heads: 2, keyValueHeads: 1, feedForward: 24, tiedHead: false,
      maxPositions: 64)
    let model = try LlamaModel(config: config, threads: 1)
    model.initializeWeights(seed: 1)
    try model.fillWeight("model.embed_tokens.weight") { $0[40 * 16] = .infinity }
    var some = sequences
    some[3].tokens[1] = 40
    var loop = try TrainingLoop(TrainingConfig(batchSize: 3, accumulation: 3), model, on: some)
    let failure = #expect(throws: TrainingError.self) { try loop.step(clock: { 0 }) }
    if case .diverged(step: 1, _, _, examples: [3])? = failure {
    } else {
      Issue.record("\(String(describing: failure))")
    }
  }

  @Test(arguments: [1, 3, 5, 8])
  func goesOnFromItsStateToTheSameBits(_ stop: Int) throws {
    let config = TrainingConfig(length: .epochs(5), batchSize: 2, accumulation: 2, learningRate: 1e-2)
    func weights(_ model: LlamaModel) throws -> [Float] {
      try model.tensors.flatMap { try model.withWeight($0.name) { Array($0) } }
    }
    let whole = try model()
    var loop = try TrainingLoop(config, whole, on: sequences)
    var losses: [Double] = []
    while !loop.isDone { losses.append(try loop.step(clock: { 0 }).loss) }

    let folder = try TemporaryFolder()
    let first = try model()
    var begun = try TrainingLoop(config, first, on: sequences)
    for _ in 0..<stop { _ = try begun.step(clock: { 0 }) }
    try first.writeTrained(to: folder.path + "/state", moments: true)
    let second = try model(seed: 9)
    try second.readTrained(from: folder.path + "/state", moments: true)
    second.optimizerSteps = stop
    var resumed = try TrainingLoop(config, second, on: sequences, from: begun.state)
    while !resumed.isDone {
      let step = try resumed.step(clock: { 0 })
      #expect(step.loss == losses[step.step - 1])
    }
    #expect(resumed.state == loop.state && resumed.usedExamples == loop.usedExamples)
    #expect(try weights(second) == weights(whole))
  }

  @Test func refusesValues() {
    for change: @Sendable (inout TrainingConfig) -> Void in [
      { $0.length = .epochs(0) }, { $0.length = .steps(-1) }, { $0.length = .epochs(.max) },
      { $0.batchSize = 0 },
      { $0.accumulation = 0 }, { $0.learningRate = 0 }, { $0.learningRate = .nan },
      { $0.learningRate = .infinity },
      { $0.warmupRatio = 1.1 }, { $0.warmupRatio = .nan }, { $0.weightDecay = -1 },
      { $0.maxGradientNorm = .nan },
    ] {
      var config = TrainingConfig()
      change(&config)
      #expect(throws: TrainingError.self) { try TrainingLoop(config, model(), on: sequences) }
    }
  }
}
