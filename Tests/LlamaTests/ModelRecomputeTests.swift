import Llama
import Testing

/// Layers that are computed again on the way back: less memory, the same bits.
@Suite struct ModelRecomputeTests {
  private func gradients(_ model: LlamaModel, _ batch: [TrainingSequence], dropout: UInt64?) throws
    -> [UInt32]
  {
    let loss = try model.accumulateGradients(batch, dropout: dropout)
    return try [UInt32(truncatingIfNeeded: loss.sum.bitPattern)]
      + model.trainedTensors.flatMap { try model.gradient($0.name).map(\.bitPattern) }
  }

  @Test(arguments: Precision.allCases)
  func changesNoBit(_ precision: Precision) throws {
    let tiny = try TinyCase(layers: 4, biases: LlamaConfig.Biases(attention: true, feedForward: true))
    for adapter in [nil, AdapterConfig(rank: 3, alpha: 6, dropout: 0.3)] {
      let kept = try LlamaModel(config: tiny.config, threads: 2, precision: precision, adapter: adapter)
      let again = try LlamaModel(config: tiny.config, threads: 2, precision: precision, adapter: adapter)
      again.recomputes = true
      for model in [kept, again] {
        model.initializeWeights(seed: 5)
        var numbers = SeededNumbers(3)
        if adapter != nil {
          for tensor in model.trainedTensors {
            try numbers.floats(tensor.range.count).withUnsafeBufferPointer {
              try model.loadTrainedWeight(tensor.name, from: $0)
            }
          }
        }
      }
      let expected = try gradients(kept, tiny.batch, dropout: 7)
      #expect(try gradients(again, tiny.batch, dropout: 7) == expected)
      // What was measured meanwhile leaves nothing behind.
      let loss = try kept.loss(tiny.batch)
      #expect(try again.loss(tiny.batch) == loss)
    }
  }

  @Test func takesLessMemory() throws {
    let config = try LlamaConfig(
      vocabulary: 49_152, dim: 576, layers: 30, heads: 9, keyValueHeads: 3, feedForward: 1536, tiedHead: true,
      maxPositions: 8192)
    func plan(_ recomputes: Bool, _ adapter: AdapterConfig?) -> MemoryPlan {
      MemoryPlan(config, adapter: adapter, tokens: 2048, longest: 512, threads: 2, recomputes: recomputes)
    }
    let (full, again) = (plan(false, nil), plan(true, nil))
    #expect(
      full.weights == again.weights && full.gradients == again.gradients && full.moments == again.moments)
    #expect(full.moments == 2 * full.gradients && full.gradients == full.weights)
    // 0.67 MB a token against 0.07 MB, beside what both have.
    let layer = 4 * (960 + 576 + 9 + 576 + 2 * 1536)
    #expect(full.activations - again.activations == 29 * 2048 * layer)
    let adapter = plan(true, AdapterConfig(rank: 16, alpha: 32))
    #expect(adapter.gradients < full.gradients / 20 && adapter.total < 1 << 30)
  }
}
