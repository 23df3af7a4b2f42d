import Llama
import Testing

/// Adapters beside a frozen model. `oracles/checks/adapter.py` holds them to PEFT.
@Suite struct ModelAdapterTests {
  private static let configs = [
    AdapterConfig(rank: 3, alpha: 5), AdapterConfig(rank: 1, alpha: 1, modules: [.query, .value]),
    AdapterConfig(rank: 4, alpha: 16, modules: [.key, .up, .down]),
    AdapterConfig(rank: 2, alpha: 4, modules: [.output]),
  ]

  @Test(arguments: configs)
  func everyGradientIsTheSlopeOfTheLoss(_ config: AdapterConfig) throws {
    let tiny = try TinyCase()
    let model = try tiny.adapted(config)
    try model.accumulateGradients(tiny.batch)
    #expect(model.trainedTensors.count == config.modules.count * 2 * tiny.config.layers)
    for tensor in model.trainedTensors {
      let gradient = try model.gradient(tensor.name)
      let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      try #require(length > 1e-3, "\(tensor.name) must matter, or this proves nothing")
      let weight = try model.withTrainedWeight(tensor.name) { Array($0) }
      let distance = 0.002
      func loss(_ sign: Double) throws -> Double {
        let moved = zip(weight, gradient).map { Float(Double($0) + sign * distance * Double($1) / length) }
        try moved.withUnsafeBufferPointer { try model.loadTrainedWeight(tensor.name, from: $0) }
        return try model.loss(tiny.batch).sum
      }
      let slope = (try loss(1) - loss(-1)) / (2 * distance)
      try weight.withUnsafeBufferPointer { try model.loadTrainedWeight(tensor.name, from: $0) }
      #expect(abs(slope - length) < 0.01 * length, "\(tensor.name): slope \(slope), gradient \(length)")
    }
  }

  @Test(arguments: configs)
  func mergingChangesNothingThatTheModelSays(_ config: AdapterConfig) throws {
    let tiny = try TinyCase()
    let model = try tiny.adapted(config)
    let tokens = tiny.batch[2].tokens
    let positions = Array(tokens.indices)
    let before = try model.logits(tokens, at: positions)
    #expect(relativeError(try tiny.model().logits(tokens, at: positions), before.map { Double($0) }) > 1e-3)
    model.mergeAdapter()
    #expect(relativeError(try model.logits(tokens, at: positions), before.map { Double($0) }) < 1e-5)
    // What was merged is in the model's own tensors.
    let plain = try tiny.model()
    for tensor in plain.tensors {
      try model.withWeight(tensor.name) { try plain.loadWeight(tensor.name, from: $0) }
    }
    #expect(relativeError(try plain.logits(tokens, at: positions), before.map { Double($0) }) < 1e-5)
  }

  @Test func aNewAdapterSaysWhatTheModelSays() throws {
    let tiny = try TinyCase()
    let model = try tiny.adapted(AdapterConfig(rank: 8, alpha: 16))
    model.initializeAdapter(seed: 1)
    let tokens = tiny.batch[2].tokens
    #expect(try model.logits(tokens, at: [5]) == tiny.model().logits(tokens, at: [5]))
    let first = try model.withTrainedWeight(model.trainedTensors[0].name) { Array($0) }
    let bound = 1 / Float(tiny.config.dim).squareRoot()
    #expect(first.allSatisfy { abs($0) <= bound } && (first.max() ?? 0) > bound / 2)
    model.initializeAdapter(seed: 2)
    #expect(try model.withTrainedWeight(model.trainedTensors[0].name) { Array($0) } != first)
  }

  @Test func aStepChangesTheAdapterAlone() throws {
    let tiny = try TinyCase()
    let model = try tiny.adapted(AdapterConfig(rank: 2, alpha: 2))
    let weights = try model.tensors.map { try model.withWeight($0.name) { Array($0) } }
    let adapter = try model.trainedTensors.map { try model.withTrainedWeight($0.name) { Array($0) } }
    var losses: [Double] = []
    for _ in 0..<8 {
      model.zeroGradients()
      let loss = try model.accumulateGradients(tiny.batch)
      losses.append(loss.mean)
      model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      model.adamStep(learningRate: 0.02, AdamW(weightDecay: 0.1))
    }
    #expect(losses[7] < losses[0] * 0.95)
    #expect(try model.tensors.map { try model.withWeight($0.name) { Array($0) } } == weights)
    for (tensor, before) in zip(model.trainedTensors, adapter) {
      #expect(try model.withTrainedWeight(tensor.name) { Array($0) } != before, "\(tensor.name)")
    }
  }

  @Test(arguments: Precision.allCases)
  func theNumberOfThreadsChangesNoBit(_ precision: Precision) throws {
    let tiny = try TinyCase()
    let models = try [1, 3].map {
      try tiny.adapted(AdapterConfig(rank: 3, alpha: 6), threads: $0, precision: precision)
    }
    for model in models { try model.accumulateGradients(tiny.batch) }
    for tensor in models[0].trainedTensors {
      #expect(try models[0].gradient(tensor.name) == models[1].gradient(tensor.name), "\(tensor.name)")
    }
  }

  @Test(arguments: [
    AdapterConfig(rank: 0, alpha: 1), AdapterConfig(rank: 2, alpha: .nan),
    AdapterConfig(rank: 2, alpha: 1, modules: []), AdapterConfig(rank: 2, alpha: 1, dropout: 1),
    AdapterConfig(rank: 2, alpha: 1, dropout: -0.1),
  ])
  func refusesWhatCannotBe(_ config: AdapterConfig) throws {
    let tiny = try TinyCase()
    #expect(throws: LlamaModelError.self) { try LlamaModel(config: tiny.config, threads: 1, adapter: config) }
  }
}
