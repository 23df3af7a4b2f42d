/// The numbers that make a LLaMA-family model: RMSNorm, rotary positions, grouped-query attention, SwiGLU.
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
  /// How the rotary frequencies are scaled.
  public let ropeScaling: RopeScaling
  /// Tokens that a token sees at most, itself included; nil when it sees all before it. Sequences of up to so many
  /// tokens, the only ones that are taken, are the same with and without a window.
  public let slidingWindow: Int?
  /// Which projections add a bias.
  public let biases: Biases

  /// Which projections add a bias to their products; `attention_bias` and `mlp_bias` in transformers.
  public struct Biases: Sendable, Equatable {
    /// Queries, keys, values and the attention's output.
    public var attention: Bool
    /// Gate, up and down.
    public var feedForward: Bool

    /// Which ones do; none unless given.
    public init(attention: Bool = false, feedForward: Bool = false) {
      self.attention = attention
      self.feedForward = feedForward
    }
  }

  /// Checks and keeps the numbers. `headDim` is `dim / heads` unless given.
  ///
  /// - Throws: `LlamaModelError.invalidConfig` naming the first number that cannot be.
  public init(
    vocabulary: Int, dim: Int, layers: Int, heads: Int, keyValueHeads: Int, headDim: Int? = nil,
    feedForward: Int,
    ropeTheta: Double = 10_000, normEpsilon: Float = 1e-5, tiedHead: Bool, maxPositions: Int,
    ropeScaling: RopeScaling = .none, slidingWindow: Int? = nil, biases: Biases = Biases()
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
    if let complaint = ropeScaling.complaint(headDim: width) { throw .invalidConfig(complaint) }
    if case .yarn = ropeScaling, ropeTheta <= 1 {
      throw .invalidConfig("rope theta is \(ropeTheta); YaRN needs one above 1")
    }
    if let slidingWindow, slidingWindow < 1 || slidingWindow > limit {
      throw .invalidConfig("the sliding window is \(slidingWindow); it must be between 1 and \(limit)")
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
    self.ropeScaling = ropeScaling
    self.slidingWindow = slidingWindow
    self.biases = biases
  }

  /// The longest sequence that can be computed: what the model was made for, and no more than its sliding window.
  public var longestSequence: Int { min(maxPositions, slidingWindow ?? maxPositions) }

  /// Width of the heads' joint output.
  var attentionWidth: Int { heads * headDim }
  /// Width of a row of queries, keys and values together.
  var qkvWidth: Int { (heads + 2 * keyValueHeads) * headDim }
}

extension LlamaConfig {
  /// Number of weights of such a model.
  public var parameterCount: Int { TensorLayout(self).tensors.reduce(0) { $0 + $1.range.count } }
}
