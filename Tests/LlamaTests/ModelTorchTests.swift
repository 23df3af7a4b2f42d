import Testing

@testable import Llama

/// The model against PyTorch 2.13 and transformers in double precision, by numbers that
/// `oracles/golden_gradients.py` printed.
@Suite struct ModelTorchTests {
  /// Each gradient of the first step: its length, and its product with a seeded direction.
  static let gradients: [(name: String, length: Double, along: Double)] = [
    ("model.embed_tokens.weight", 0.837653033, -0.340738726),
    ("model.layers.0.input_layernorm.weight", 0.168895264, -0.201618656),
    ("model.layers.0.self_attn.q_proj.weight", 0.433934676, 0.136766326),
    ("model.layers.0.self_attn.k_proj.weight", 0.485408437, -0.165567714),
    ("model.layers.0.self_attn.v_proj.weight", 0.549026981, -0.357754062),
    ("model.layers.0.self_attn.o_proj.weight", 0.510469452, -0.182685716),
    ("model.layers.0.post_attention_layernorm.weight", 0.0900713749, -0.0461830877),
    ("model.layers.0.mlp.gate_proj.weight", 0.330490909, 0.31879927),
    ("model.layers.0.mlp.up_proj.weight", 0.372720535, -0.0901673606),
    ("model.layers.0.mlp.down_proj.weight", 0.315722633, 0.0512712513),
    ("model.layers.1.input_layernorm.weight", 0.0610232892, 0.0136589518),
    ("model.layers.1.self_attn.q_proj.weight", 0.12128153, 0.114385565),
    ("model.layers.1.self_attn.k_proj.weight", 0.133102002, -0.0292988885),
    ("model.layers.1.self_attn.v_proj.weight", 0.233805685, -0.323802792),
    ("model.layers.1.self_attn.o_proj.weight", 0.233018905, -0.357184533),
    ("model.layers.1.post_attention_layernorm.weight", 0.058647817, -0.038533871),
    ("model.layers.1.mlp.gate_proj.weight", 0.199495169, 0.0141291419),
    ("model.layers.1.mlp.up_proj.weight", 0.155992994, 0.0809166951),
    ("model.layers.1.mlp.down_proj.weight", 0.209595831, 0.109810347),
    ("model.norm.weight", 0.199391447, 0.403400989),
    ("lm_head.weight", 0.42840415, 0.241772468),
  ]
  /// Loss and gradient norm of four AdamW steps.
  static let steps: [(loss: Double, norm: Double)] = [
    (5.02735554, 1.597485),
    (4.27664647, 1.43628865),
    (3.73927985, 1.26576281),
    (3.34544422, 1.25221312),
  ]

  @Test(arguments: pathsHere)
  func gradientsAndStepsMatch(_ path: ComputePath) throws {
    let config = try LlamaConfig(
      vocabulary: 97, dim: 24, layers: 2, heads: 6, keyValueHeads: 2, headDim: 8, feedForward: 40,
      ropeTheta: 10_000, normEpsilon: 1e-5, tiedHead: false, maxPositions: 256)
    let model = try LlamaModel(config: config, threads: 2, path: path)
    var normal = NormalSequence(seed: 2024)
    for tensor in model.tensors {
      let middle: Float = tensor.shape.count == 1 ? 1 : 0
      let values = tensor.range.map { _ in middle + normal.next(deviation: 0.2) }
      try values.withUnsafeBufferPointer { try model.loadWeight(tensor.name, from: $0) }
    }
    let batch = [70, 3, 133].enumerated().map { s, length in
      let tokens = (0..<length).map { Int32(($0 * $0 * 31 + $0 * 7 + s * 11) % 97) }
      let labels = tokens.enumerated().map { $0.offset % 5 == s ? TrainingSequence.ignored : $0.element }
      return TrainingSequence(tokens: tokens, labels: labels)
    }
    for (step, expected) in Self.steps.enumerated() {
      model.zeroGradients()
      let loss = try model.accumulateGradients(batch)
      let norm = Double(model.clipGradients(maxNorm: nil, scale: 1 / Float(loss.count)))
      #expect(abs(loss.mean - expected.loss) < 1e-5 * expected.loss, "step \(step)")
      #expect(abs(norm - expected.norm) < 2e-5 * expected.norm, "step \(step)")
      if step == 0 { try compareGradients(model) }
      model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      model.adamStep(learningRate: 1e-2, AdamW(weightDecay: 0.1, decaysGains: true))
    }
  }

  private func compareGradients(_ model: LlamaModel) throws {
    #expect(model.tensors.map(\.name) == Self.gradients.map(\.name))
    var direction = NormalSequence(seed: 7)
    for (name, expectedLength, expectedAlong) in Self.gradients {
      let gradient = try model.gradient(name).map { Double($0) }
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let along = gradient.reduce(0) { $0 + $1 * Double(direction.next(deviation: 1)) }
      #expect(abs(length - expectedLength) < 1e-5 * expectedLength, "\(name)")
      #expect(abs(along - expectedAlong) < 1e-5 * expectedLength, "\(name)")
    }
  }
}
