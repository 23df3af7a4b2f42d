internal import CKernels

/// A LLaMA-family model with its gradients and optimiser state, trained in single precision.
///
/// Weights, gradients and both moments are one arena each with the same layout. Results depend on the weights, the batch
/// and the compute path, never on the number of threads. One thread uses a model at a time.
public final class LlamaModel {
  /// The model's numbers.
  public let config: LlamaConfig
  /// Every tensor, in arena order, under the name transformers gives it.
  public let tensors: [ModelTensor]
  /// Optimiser steps taken; set when a checkpoint is resumed.
  public var optimizerSteps = 0

  let layout: TensorLayout
  let kernels: Kernels
  let weights: FloatArena
  let gradients: FloatArena
  let firstMoments: FloatArena
  let secondMoments: FloatArena
  var rotary: RotaryTable
  var buffers: Activations?
  /// Multiplied into the gradients when they are next read: the mean's divisor and the clip.
  var gradientScale: Float = 1
  private let index: [String: Int]

  /// Makes a model with all weights 0. `threads` includes the caller's own.
  ///
  /// - Throws: `LlamaModelError.outOfMemory`, or `.unavailable` when `path` cannot run here.
  public init(config: LlamaConfig, threads: Int, path: ComputePath = .best) throws(LlamaModelError) {
    self.config = config
    layout = TensorLayout(config)
    tensors = layout.tensors
    index = Dictionary(uniqueKeysWithValues: layout.tensors.enumerated().map { ($1.name, $0) })
    kernels = try Kernels(threads: threads, path: path)
    weights = try FloatArena(count: layout.count)
    gradients = try FloatArena(count: layout.count)
    firstMoments = try FloatArena(count: layout.count)
    secondMoments = try FloatArena(count: layout.count)
    rotary = RotaryTable(config)
  }

  /// The instruction set in use: "avx512", "avx2" or "portable".
  public var instructionSet: String { kernels.name }

  /// Number of trained weights.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.range.count } }

  /// Makes room for micro-batches of up to `tokens` tokens; bigger ones grow it later at the cost of a new arena.
  public func reserve(tokens: Int) throws(LlamaModelError) {
    if let buffers, buffers.capacity >= tokens { return }
    guard tokens <= RaggedBatch.limit else { throw .outOfMemory(bytes: Int.max) }
    buffers = nil
    buffers = try Activations(config, capacity: tokens)
  }

  /// Buffers for `batch`, and the rotary table filled for its longest sequence.
  func prepare(_ batch: RaggedBatch) throws(LlamaModelError) -> Activations {
    rotary.reserve(positions: batch.longest)
    try reserve(tokens: max(batch.count, 1))
    guard let buffers else { throw .outOfMemory(bytes: 0) }
    return buffers
  }

  func tensor(_ name: String) throws(LlamaModelError) -> ModelTensor {
    guard let place = index[name] else { throw .unknownTensor(name: name) }
    return tensors[place]
  }
}
