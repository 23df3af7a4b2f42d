import Llama
import Testing

@Suite struct ModelConfigTests {
  static func config(
    vocabulary: Int = 32, dim: Int = 16, layers: Int = 2, heads: Int = 4, keyValueHeads: Int = 2,
    headDim: Int? = nil,
    feedForward: Int = 24, ropeTheta: Double = 1e4, normEpsilon: Float = 1e-5, maxPositions: Int = 64
  ) throws -> LlamaConfig {
    try LlamaConfig(
      vocabulary: vocabulary, dim: dim, layers: layers, heads: heads, keyValueHeads: keyValueHeads,
      headDim: headDim,
      feedForward: feedForward, ropeTheta: ropeTheta, normEpsilon: normEpsilon, tiedHead: false,
      maxPositions: maxPositions)
  }

  @Test func headDimIsDerivedOrGiven() throws {
    #expect(try Self.config().headDim == 4)
    #expect(try Self.config(heads: 6, headDim: 10).headDim == 10)
  }

  @Test(
    arguments: [
      { try Self.config(vocabulary: 0) }, { try Self.config(vocabulary: .max) }, { try Self.config(dim: -1) },
      { try Self.config(layers: 5000) }, { try Self.config(heads: 4, keyValueHeads: 3) },
      { try Self.config(heads: 6) },
      { try Self.config(headDim: 5) }, { try Self.config(heads: 1 << 20, keyValueHeads: 1, headDim: 1024) },
      { try Self.config(ropeTheta: .nan) }, { try Self.config(ropeTheta: 0) },
      { try Self.config(normEpsilon: -1) },
      { try Self.config(maxPositions: 0) },
    ] as [@Sendable () throws -> LlamaConfig])
  func impossibleNumbersAreRefused(_ make: @Sendable () throws -> LlamaConfig) {
    #expect(throws: LlamaModelError.self) { try make() }
  }

  @Test func tensorsHaveTransformersNamesAndFillTheArenaInOrder() throws {
    let model = try LlamaModel(config: Self.config(), threads: 1)
    #expect(model.tensors.first?.name == "model.embed_tokens.weight")
    #expect(model.tensors.last?.name == "lm_head.weight")
    #expect(model.tensors.count == 3 + 2 * 9)
    for (before, after) in zip(model.tensors, model.tensors.dropFirst()) {
      #expect(before.range.upperBound <= after.range.lowerBound)
      #expect(after.range.lowerBound - before.range.upperBound < 16)
    }
    for tensor in model.tensors { #expect(tensor.shape.reduce(1, *) == tensor.range.count) }
  }

  @Test func wrongNamesAndSizesAreRefused() throws {
    let model = try LlamaModel(config: Self.config(), threads: 1)
    #expect(throws: LlamaModelError.unknownTensor(name: "x")) { try model.gradient("x") }
    #expect(throws: LlamaModelError.wrongTensorSize(name: "model.norm.weight", expected: 16, found: 3)) {
      try [Float](repeating: 0, count: 3).withUnsafeBufferPointer {
        try model.loadWeight("model.norm.weight", from: $0)
      }
    }
  }

  @Test(arguments: [
    TrainingSequence(tokens: [], labels: []), TrainingSequence(tokens: [1, 2], labels: [1]),
    TrainingSequence(tokens: [1, 32], labels: [1, 2]), TrainingSequence(tokens: [1, -1], labels: [1, 2]),
    TrainingSequence(tokens: [1, 2], labels: [1, 32]), TrainingSequence(tokens: [1, 2], labels: [1, -2]),
    TrainingSequence(tokens: .init(repeating: 1, count: 65), labels: .init(repeating: 1, count: 65)),
  ])
  func sequencesThatDoNotFitAreRefused(_ sequence: TrainingSequence) throws {
    let model = try LlamaModel(config: Self.config(), threads: 1)
    #expect(throws: LlamaModelError.self) { try model.accumulateGradients([sequence]) }
  }
}
