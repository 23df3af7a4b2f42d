import Llama

/// Tokens a second of whole training steps: SmolLM2-135M's size, four sequences of 512, three quarters of the rows labelled.
enum StepBench {
  static func run(threads: Int, steps: Int, _ precision: Precision, rank: Int?) throws {
    let config = try LlamaConfig(
      vocabulary: 49_152, dim: 576, layers: 30, heads: 9, keyValueHeads: 3, feedForward: 1536,
      ropeTheta: 100_000,
      tiedHead: true, maxPositions: 2048)
    let model = try LlamaModel(
      config: config, threads: threads, precision: precision,
      adapter: rank.map { AdapterConfig(rank: $0, alpha: 2 * Double($0)) })
    model.initializeWeights(seed: 1)
    model.initializeAdapter(seed: 1)
    let batch = (0..<4).map { sequence in
      let tokens = (0..<512).map { Int32(($0 * 7919 + sequence * 104_729) % 49_152) }
      let labels = tokens.enumerated().map { $0.offset % 4 == 0 ? TrainingSequence.ignored : $0.element }
      return TrainingSequence(tokens: tokens, labels: labels)
    }
    try model.reserve(tokens: 2048)
    var best = Double.infinity
    for step in 0..<steps {
      let start = LlamaBench.seconds()
      model.zeroGradients()
      let loss = try model.accumulateGradients(batch)
      let middle = LlamaBench.seconds()
      let norm = model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      model.adamStep(learningRate: 1e-4)
      let end = LlamaBench.seconds()
      best = min(best, end - start)
      print(
        "step \(step): loss \(loss.mean) norm \(norm) passes \(middle - start) s, update \(end - middle) s,",
        "\(Int(2048 / (end - start))) tokens/s")
    }
    print(
      "best \(Int(2048 / best)) tokens/s, \(threads) threads, \(precision.rawValue), \(rank.map { "LoRA r=\($0)" } ?? "full"), \(model.instructionSet)"
    )
  }
}
