internal import CKernels

/// A model that generates: its weights stay on disk in the form in which they are stored, mapped into memory.
///
/// What a stream gives depends on its tokens, the weights and the compute path: never on the number of threads, nor on the
/// streams that are computed beside it. One thread uses a model at a time.
public final class InferenceModel {
  /// The model's numbers.
  public let config: LlamaConfig
  /// Most streams of one step.
  public static let mostStreams = 256

  let kernels: Kernels
  let tensors: StoredTensors
  let embedding: ck_stored  // (vocabulary, dim)
  let layers: [InferenceLayer]
  let finalNorm: UnsafePointer<Float>
  let head: ck_stored  // (vocabulary, dim)
  let widestAdapter: Int
  var rotary: RotaryTable
  var buffers: InferenceBuffers
  private let source: StoredModel
  private let memory: Int

  /// Opens the weights of a model, and an adapter's beside them. `threads` includes the caller's own.
  ///
  /// - Parameter memory: bytes that caches may take.
  /// Throws `LlamaModelError`, `AdapterError` for an adapter of another model, and what the format throws.
  public init(
    _ model: StoredModel, adapter: LoRAAdapter? = nil, adapterPath: String = "", threads: Int,
    memory: Int, path: ComputePath = .best
  ) throws {
    source = model
    self.memory = memory
    config = model.config
    kernels = try Kernels(threads: threads, path: path)
    let tensors = StoredTensors(model)
    self.tensors = tensors
    let config = model.config
    embedding = try tensors.matrix("model.embed_tokens.weight", rows: config.vocabulary, columns: config.dim)
    head =
      config.tiedHead
      ? embedding : try tensors.matrix("lm_head.weight", rows: config.vocabulary, columns: config.dim)
    finalNorm = UnsafePointer(try tensors.vector("model.norm.weight", count: config.dim))
    var pending = InferenceAdapter(adapter, path: adapterPath, headDim: config.headDim, tensors)
    layers = try (0..<config.layers).map { index in
      try InferenceLayer(index, config, tensors) { try pending.take($0, outputs: $1, inputs: $2) }
    }
    try pending.finish()
    widestAdapter = adapter?.rank ?? 0
    rotary = RotaryTable(config)
    buffers = try InferenceBuffers(config, rows: 1, adapterRank: widestAdapter)
  }

  /// The instruction set in use: "avx512-bf16", "avx512", "avx2" or "portable".
  public var instructionSet: String { kernels.name }

  /// The longest text, prompt and answer together.
  public var context: Int { config.maxPositions }

  /// Makes caches for streams of up to so many tokens each, and no more than the context has.
  ///
  /// Throws `InferenceError.cache` when they cannot fit into the memory there is, `LlamaModelError.outOfMemory`.
  public func makeCaches(_ streams: Int, positions: Int) throws -> [KeyValueCache] {
    let positions = min(positions, context)
    let one = KeyValueCache.bytes(config, positions: positions)
    let (all, overflow) = (one ?? Int.max).multipliedReportingOverflow(by: max(streams, 1))
    guard one != nil, !overflow, all <= memory else {
      throw InferenceError.cache(
        bytes: overflow ? Int.max : all, memory: memory, positions: positions, streams: streams)
    }
    let caches = try (0..<streams).map { _ in try KeyValueCache(config, positions: positions) }
    rotary.reserve(positions: min(caches.first?.capacity ?? 0, context))
    return caches
  }

  /// Room for so many rows in one pass.
  func reserve(rows: Int) throws {
    guard buffers.rows < rows else { return }
    buffers = try InferenceBuffers(config, rows: rows, adapterRank: widestAdapter)
  }
}
