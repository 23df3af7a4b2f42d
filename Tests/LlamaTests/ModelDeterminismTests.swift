import Llama
import Testing

@Suite struct ModelDeterminismTests {
  /// Three optimiser steps of two micro-batches; returns every weight's bits and the losses.
  private func train(_ tiny: TinyCase, threads: Int, path: ComputePath = .best) throws -> [UInt32] {
    let model = try tiny.model(threads: threads, path: path)
    var bits: [UInt32] = []
    for _ in 0..<3 {
      model.zeroGradients()
      var loss = try model.accumulateGradients(tiny.batch)
      loss += try model.accumulateGradients(Array(tiny.batch.reversed().dropLast()))
      let norm = model.clipGradients(maxNorm: 1, scale: 1 / Float(loss.count))
      bits += [norm.bitPattern, UInt32(truncatingIfNeeded: loss.sum.bitPattern)]
      model.adamStep(learningRate: 1e-2)
    }
    for tensor in model.tensors { bits += try model.withWeight(tensor.name) { $0.map(\.bitPattern) } }
    return bits
  }

  @Test(arguments: pathsHere)
  func anyNumberOfThreadsGivesTheSameBits(_ path: ComputePath) throws {
    let tiny = try TinyCase(lengths: [9, 1, 200, 2, 140])
    let one = try train(tiny, threads: 1, path: path)
    for threads in [2, 3, 5] {
      #expect(try train(tiny, threads: threads, path: path) == one, "\(threads) threads")
    }
  }

  @Test func pathsAgreeUpToRounding() throws {
    for tied in [false, true] {
      let tiny = try TinyCase(tied: tied)
      let reference = try tiny.model(path: .portable)
      let loss = try reference.accumulateGradients(tiny.batch)
      for path in pathsHere {
        let model = try tiny.model(path: path)
        let found = try model.accumulateGradients(tiny.batch)
        #expect(abs(found.sum - loss.sum) < 1e-6 * loss.sum)
        for tensor in model.tensors {
          let expected = try reference.gradient(tensor.name).map { Double($0) }
          #expect(relativeError(try model.gradient(tensor.name), expected) < 1e-5, "\(path) \(tensor.name)")
        }
      }
    }
  }

  @Test func bestPathIsOneOfThem() throws {
    let model = try TinyCase().model()
    #expect(["avx512-bf16", "avx512", "avx2", "portable"].contains(model.instructionSet))
    #expect(pathsHere.contains(.portable))
  }

  /// Seeded weights are part of what a run can be repeated from: these bits may never change.
  @Test func seededWeightsAreTheSameEverywhere() throws {
    let model = try LlamaModel(config: ModelConfigTests.config(), threads: 1)
    model.initializeWeights(seed: 42)
    let embedding = try model.withWeight("model.embed_tokens.weight") { Array($0) }
    #expect(
      embedding[..<4].map(\.bitPattern) == [3_174_193_169, 3_170_142_921, 3_156_322_424, 3_171_353_094])
    let gain = try model.withWeight("model.norm.weight") { Array($0) }
    #expect(gain.allSatisfy { $0 == 1 })
    let mean = embedding.reduce(0, +) / Float(embedding.count)
    let deviation = (embedding.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(embedding.count))
      .squareRoot()
    #expect(abs(mean) < 0.003 && abs(deviation - 0.02) < 0.002)
  }
}
