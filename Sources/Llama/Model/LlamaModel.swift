internal import CKernels

/// A LLaMA-family model with the gradients and the optimiser's state of what is trained: the whole model, or an adapter
/// beside a frozen one.
///
/// Weights are one arena, and so are gradients and both moments of what is trained. Results depend on the weights, the batch
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
  let adapter: AdapterLayout?
  let trained: TrainedTensors
  var rotary: RotaryTable
  var buffers: Activations?
  /// Whether the backward pass computes the layers again instead of keeping what they were computed from: a third more
  /// time, a tenth of the memory, the same bits.
  public var recomputes = false {
    didSet { if recomputes != oldValue { buffers = nil } }
  }
  /// What the adapter's dropout of the pass under way follows from; nil drops nothing.
  var dropoutKey: UInt64?
  /// Multiplied into the gradients when they are next read: the mean's divisor and the clip.
  var gradientScale: Float = 1
  private let places: [String: Int]
  private let trainedPlaces: [String: Int]

  /// Makes a model with all weights 0. `threads` includes the caller's own.
  ///
  /// - Throws: `LlamaModelError.outOfMemory`, or `.unavailable` when `path` cannot run here.
  public init(
    config: LlamaConfig, threads: Int, path: ComputePath = .best, precision: Precision = .f32,
    adapter: AdapterConfig? = nil
  ) throws(LlamaModelError) {
    self.config = config
    layout = TensorLayout(config)
    tensors = layout.tensors
    kernels = try Kernels(threads: threads, path: path, precision: precision)
    weights = try FloatArena(count: layout.count)
    if let problem = adapter?.problem { throw .invalidConfig(problem) }
    self.adapter = adapter.map { AdapterLayout(config, $0) }
    if let layout = self.adapter {
      trained = try TrainedTensors(layout.tensors, count: layout.count)
    } else {
      trained = try TrainedTensors(layout.tensors, count: layout.count, weights: weights)
    }
    places = Dictionary(uniqueKeysWithValues: layout.tensors.enumerated().map { ($1.name, $0) })
    trainedPlaces = Dictionary(uniqueKeysWithValues: trained.tensors.enumerated().map { ($1.name, $0) })
    rotary = RotaryTable(config)
  }

  /// The instruction set in use: "avx512-bf16", "avx512", "avx2" or "portable".
  public var instructionSet: String { kernels.name }

  /// Number of weights of the model, without an adapter's.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.range.count } }

  /// What is trained, in arena order: the model's own tensors, or the adapter's under PEFT's names.
  public var trainedTensors: [ModelTensor] { trained.tensors }

  /// Makes room for micro-batches of up to `tokens` tokens; bigger ones grow it later at the cost of a new arena.
  public func reserve(tokens: Int) throws(LlamaModelError) {
    if let buffers, buffers.capacity >= tokens { return }
    guard tokens <= RaggedBatch.limit else { throw .outOfMemory(bytes: Int.max) }
    buffers = nil
    buffers = try Activations(
      ActivationShape(
        config: config, tokens: tokens, adapterRows: adapter?.rows ?? (0, 0, 0),
        dropoutWidth: adapter?.dropoutWidth ?? 0,
        recomputes: recomputes))
  }

  /// Buffers for `batch`, and the rotary table filled for its longest sequence.
  func prepare(_ batch: RaggedBatch) throws(LlamaModelError) -> Activations {
    rotary.reserve(positions: batch.longest)
    try reserve(tokens: max(batch.count, 1))
    guard let buffers else { throw .outOfMemory(bytes: 0) }
    return buffers
  }

  func tensor(_ name: String) throws(LlamaModelError) -> ModelTensor {
    guard let place = places[name] else { throw .unknownTensor(name: name) }
    return tensors[place]
  }

  func trainedTensor(_ name: String) throws(LlamaModelError) -> ModelTensor {
    guard let place = trainedPlaces[name] else { throw .unknownTensor(name: name) }
    return trained.tensors[place]
  }
}
