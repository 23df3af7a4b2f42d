/// The numbers that make a LLaMA-family model: RMSNorm, rotary positions, grouped-query attention, SwiGLU, no biases.
///
/// Source: Touvron et al., "LLaMA", 2023 (arXiv:2302.13971); the grouped key heads are LLaMA 2's (arXiv:2307.09288).
public struct LlamaConfig: Sendable, Equatable {
  /// Rows of the embedding: token ids are 0 ..< vocabulary.
  public let vocabulary: Int
  /// Width of the residual stream, `hidden_size` in transformers.
  public let dim: Int
  /// Number of transformer blocks.
  public let layers: Int
  /// Query heads.
  public let heads: Int
  /// Key and value heads; divides `heads`.
  public let keyValueHeads: Int
  /// Width of one head; even, because rotary positions turn pairs.
  public let headDim: Int
  /// Width of the feed-forward layer, `intermediate_size` in transformers.
  public let feedForward: Int
  /// Base of the rotary frequencies.
  public let ropeTheta: Double
  /// Added to the mean square inside RMSNorm.
  public let normEpsilon: Float
  /// Whether the output head is the embedding itself.
  public let tiedHead: Bool
  /// The longest sequence the model was made for.
  public let maxPositions: Int

  /// Checks and keeps the numbers. `headDim` is `dim / heads` unless given.
  ///
  /// - Throws: `LlamaModelError.invalidConfig` naming the first number that cannot be.
  public init(
    vocabulary: Int, dim: Int, layers: Int, heads: Int, keyValueHeads: Int, headDim: Int? = nil,
    feedForward: Int,
    ropeTheta: Double = 10_000, normEpsilon: Float = 1e-5, tiedHead: Bool, maxPositions: Int
  ) throws(LlamaModelError) {
    let limit = 1 << 20  // far above any real model; the products below then cannot overflow
    let sizes = [
      ("vocabulary", vocabulary), ("dim", dim), ("layers", layers), ("heads", heads),
      ("key-value heads", keyValueHeads), ("feed-forward width", feedForward),
      ("max positions", maxPositions),
    ]
    for (name, value) in sizes where value < 1 || value > limit {
      throw .invalidConfig("\(name) is \(value); it must be between 1 and \(limit)")
    }
    guard layers <= 1024 else { throw .invalidConfig("layers is \(layers); at most 1024 are supported") }
    guard heads % keyValueHeads == 0 else {
      throw .invalidConfig("\(heads) heads cannot share \(keyValueHeads) key-value heads evenly")
    }
    guard headDim != nil || dim % heads == 0 else {
      throw .invalidConfig("dim \(dim) is not a multiple of \(heads) heads, and no head dim is given")
    }
    let width = headDim ?? dim / heads
    guard width >= 2, width <= 1024, width % 2 == 0, heads * width <= limit else {
      throw .invalidConfig(
        "head dim is \(width); it must be even, from 2 to 1024, and \(limit) over all heads at most")
    }
    guard ropeTheta.isFinite, ropeTheta > 0 else {
      throw .invalidConfig("rope theta is \(ropeTheta); it must be positive")
    }
    guard normEpsilon.isFinite, normEpsilon > 0 else {
      throw .invalidConfig("norm epsilon is \(normEpsilon); it must be positive")
    }
    self.vocabulary = vocabulary
    self.dim = dim
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headDim = width
    self.feedForward = feedForward
    self.ropeTheta = ropeTheta
    self.normEpsilon = normEpsilon
    self.tiedHead = tiedHead
    self.maxPositions = maxPositions
  }

  /// Width of the heads' joint output.
  var attentionWidth: Int { heads * headDim }
  /// Width of a row of queries, keys and values together.
  var qkvWidth: Int { (heads + 2 * keyValueHeads) * headDim }
}
