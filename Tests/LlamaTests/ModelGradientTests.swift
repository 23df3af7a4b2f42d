import Glibc
import Llama
import Testing

@Suite struct ModelGradientTests {
  /// Moves each tensor along its gradient, both ways: the loss must change by the gradient's length.
  @Test(arguments: [false, true])
  func everyTensorsGradientIsTheSlopeOfTheLoss(_ tied: Bool) throws {
    try slopes(try TinyCase(tied: tied))
  }

  /// A key's bias turns with its position and so matters, as every other does.
  @Test(arguments: [(true, false), (false, true), (true, true)])
  func biasesHaveTheirGradients(_ attention: Bool, _ feedForward: Bool) throws {
    let tiny = try TinyCase(
      biases: LlamaConfig.Biases(attention: attention, feedForward: feedForward),
      ropeScaling: .yarn(YarnScaling(factor: 4, originalPositions: 64)))
    let names = try tiny.model().tensors.map(\.name).filter { $0.hasSuffix(".bias") }
    #expect(names.count == 2 * ((attention ? 4 : 0) + (feedForward ? 3 : 0)))
    try slopes(tiny)
  }

  @Test func aBiasIsNoGain() throws {
    let tiny = try TinyCase(biases: LlamaConfig.Biases(attention: true, feedForward: true))
    let model = try tiny.model()
    model.initializeWeights(seed: 1)
    for tensor in model.tensors where tensor.shape.count == 1 {
      let expected: Float = tensor.name.hasSuffix(".bias") ? 0 : 1
      #expect(try model.withWeight(tensor.name) { $0.allSatisfy { $0 == expected } }, "\(tensor.name)")
    }
  }

  private func slopes(_ tiny: TinyCase) throws {
    let model = try tiny.model()
    try model.accumulateGradients(tiny.batch)
    for tensor in model.tensors {
      let gradient = try model.gradient(tensor.name)
      let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      try #require(length > 1e-3, "\(tensor.name) must matter, or this proves nothing")
      let weight = try model.withWeight(tensor.name) { Array($0) }
      let distance = 0.002
      func loss(_ sign: Double) throws -> Double {
        let moved = zip(weight, gradient).map { Float(Double($0) + sign * distance * Double($1) / length) }
        try moved.withUnsafeBufferPointer { try model.loadWeight(tensor.name, from: $0) }
        return try model.loss(tiny.batch).sum
      }
      let slope = (try loss(1) - loss(-1)) / (2 * distance)
      try weight.withUnsafeBufferPointer { try model.loadWeight(tensor.name, from: $0) }
      #expect(abs(slope - length) < 0.01 * length, "\(tensor.name): slope \(slope), gradient \(length)")
    }
  }

  @Test func microBatchesAddUpToTheWhole() throws {
    let tiny = try TinyCase()
    let (whole, parts) = (try tiny.model(), try tiny.model())
    let loss = try whole.accumulateGradients(tiny.batch)
    var sum = LossSum()
    for sequence in tiny.batch { sum += try parts.accumulateGradients([sequence]) }
    #expect(sum.count == loss.count && abs(sum.sum - loss.sum) < 1e-6 * loss.sum)
    for tensor in whole.tensors {
      let expected = try whole.gradient(tensor.name).map { Double($0) }
      #expect(relativeError(try parts.gradient(tensor.name), expected) < 1e-5, "\(tensor.name)")
    }
  }

  @Test func lossWithAndWithoutGradientsAgreesWithTheLogits() throws {
    let tiny = try TinyCase()
    let model = try tiny.model()
    let trained = try model.accumulateGradients(tiny.batch)
    #expect(try model.loss(tiny.batch) == trained)
    var sum = LossSum()
    for sequence in tiny.batch {
      let rows = (1..<max(1, sequence.tokens.count)).filter { sequence.labels[$0] >= 0 }
      let logits = try model.logits(sequence.tokens, at: rows.map { $0 - 1 })
      #expect(logits.count == rows.count * 53)
      var losses = 0.0
      for (r, row) in rows.enumerated() {
        let line = logits[r * 53..<(r + 1) * 53].map { Double($0) }
        losses += logSum(line) - line[Int(sequence.labels[row])]
      }
      sum += LossSum(sum: losses, count: rows.count)
    }
    #expect(sum.count == trained.count && abs(sum.sum - trained.sum) < 1e-5 * trained.sum)
  }

  @Test func laterTokensAndOtherSequencesChangeNothing() throws {
    let tiny = try TinyCase()
    let model = try tiny.model()
    let tokens = tiny.batch[2].tokens
    let short = try model.logits(Array(tokens[..<40]), at: [39])
    #expect(try model.logits(tokens, at: [39]).map { $0 } == short)
    let alone = try model.loss([tiny.batch[2]])
    let together = try model.loss([tiny.batch[4], tiny.batch[2]])
    let other = try model.loss([tiny.batch[4]])
    #expect(abs(together.sum - alone.sum - other.sum) < 1e-6 * together.sum)
  }

  @Test func aBatchWithoutLabelsHasNoLossAndNoGradient() throws {
    let tiny = try TinyCase()
    let model = try tiny.model()
    let masked = TrainingSequence(
      tokens: [1, 2, 3], labels: [1, TrainingSequence.ignored, TrainingSequence.ignored])
    #expect(try model.accumulateGradients([masked]) == LossSum())
    #expect(try model.accumulateGradients([]) == LossSum())
    for tensor in model.tensors { #expect(try model.gradient(tensor.name).allSatisfy { $0 == 0 }) }
    #expect(LossSum().mean == 0)
  }

  private func logSum(_ values: [Double]) -> Double {
    let largest = values.reduce(-.infinity, max)
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }
}
