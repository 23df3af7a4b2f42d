/// The memory that training a model takes, in bytes, as it will be when the largest micro-batch has passed.
public struct MemoryPlan: Sendable, Equatable {
  /// The model's weights, and an adapter's.
  public let weights: Int
  /// One number for each that is trained.
  public let gradients: Int
  /// AdamW's two numbers for each that is trained.
  public let moments: Int
  /// Everything that a pass keeps or works in, logits included.
  public let activations: Int
  /// Packed operands of products and attention.
  public let workspace: Int

  /// All of it.
  public var total: Int { weights + gradients + moments + activations + workspace }

  /// The plan for micro-batches of up to `tokens` tokens, whose longest sequence has `longest`.
  public init(
    _ config: LlamaConfig, adapter: AdapterConfig?, tokens: Int, longest: Int, threads: Int, recomputes: Bool
  ) {
    let model = TensorLayout(config).count
    let beside = adapter.map { AdapterLayout(config, $0) }
    let trained = beside?.count ?? model
    weights = 4 * (model + (beside?.count ?? 0))
    gradients = 4 * trained
    moments = 8 * trained
    let shape = ActivationShape(
      config: config, tokens: tokens, adapterRows: beside?.rows ?? (0, 0, 0),
      dropoutWidth: beside?.dropoutWidth ?? 0, recomputes: recomputes)
    activations = 4 * shape.sizes.reduce(0, +)
    // Keys and values of the whole batch in panels on the way forward, of one head a thread on the way back; two stores
    // of panels for products. See CKernels/context.h and attention.h.
    let head = 2 * config.headDim + 96
    let products = 2 * 4 * 4160 * 640
    workspace =
      4 * tokens * config.keyValueHeads * head + 4 * threads * (longest + 512) * (head + config.headDim)
      + products
  }
}
