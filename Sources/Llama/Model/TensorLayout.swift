/// Where every tensor lies in an arena of floats.
///
/// Query, key and value projections of a layer lie one after another, so they are one matrix to the kernels; so do
/// gate and up. Everything else starts on a 64-byte boundary.
struct TensorLayout: Sendable {
  /// Offsets of one block's tensors, in floats.
  struct Layer: Sendable {
    var inputNorm = 0  // (dim)
    var qkv = 0  // (heads + 2 kvHeads) * headDim, dim
    var output = 0  // (dim, heads * headDim)
    var feedForwardNorm = 0  // (dim)
    var gateUp = 0  // (2 * feedForward, dim)
    var down = 0  // (dim, feedForward)
    var attentionBiases: AttentionBiases?
    var feedForwardBiases: FeedForwardBiases?
  }

  /// Offsets of the attention's biases.
  struct AttentionBiases: Sendable {
    var qkv = 0  // ((heads + 2 kvHeads) * headDim)
    var output = 0  // (dim)
  }

  /// Offsets of the feed-forward layer's biases.
  struct FeedForwardBiases: Sendable {
    var gateUp = 0  // (2 * feedForward)
    var down = 0  // (dim)
  }

  private(set) var tensors: [ModelTensor] = []
  private(set) var embedding = 0  // (vocabulary, dim)
  private(set) var layers: [Layer] = []
  private(set) var finalNorm = 0  // (dim)
  private(set) var head = 0  // (vocabulary, dim): the embedding itself when tied
  private(set) var count = 0

  init(_ config: LlamaConfig) {
    let dim = config.dim
    let (keys, width) = (config.keyValueHeads * config.headDim, config.attentionWidth)
    embedding = add("model.embed_tokens.weight", [config.vocabulary, dim])
    for index in 0..<config.layers {
      let prefix = "model.layers.\(index)."
      var layer = Layer()
      layer.inputNorm = add(prefix + "input_layernorm.weight", [dim])
      layer.qkv = add(prefix + "self_attn.q_proj.weight", [width, dim])
      add(prefix + "self_attn.k_proj.weight", [keys, dim], aligned: false)
      add(prefix + "self_attn.v_proj.weight", [keys, dim], aligned: false)
      layer.output = add(prefix + "self_attn.o_proj.weight", [dim, width])
      if config.biases.attention { layer.attentionBiases = attentionBiases(prefix, config) }
      layer.feedForwardNorm = add(prefix + "post_attention_layernorm.weight", [dim])
      layer.gateUp = add(prefix + "mlp.gate_proj.weight", [config.feedForward, dim])
      add(prefix + "mlp.up_proj.weight", [config.feedForward, dim], aligned: false)
      layer.down = add(prefix + "mlp.down_proj.weight", [dim, config.feedForward])
      if config.biases.feedForward { layer.feedForwardBiases = feedForwardBiases(prefix, config) }
      layers.append(layer)
    }
    finalNorm = add("model.norm.weight", [dim])
    head = config.tiedHead ? embedding : add("lm_head.weight", [config.vocabulary, dim])
    count = (count + 15) & ~15
  }

  private mutating func attentionBiases(_ prefix: String, _ config: LlamaConfig) -> AttentionBiases {
    let (keys, width) = (config.keyValueHeads * config.headDim, config.attentionWidth)
    var biases = AttentionBiases()
    biases.qkv = add(prefix + "self_attn.q_proj.bias", [width])
    add(prefix + "self_attn.k_proj.bias", [keys], aligned: false)
    add(prefix + "self_attn.v_proj.bias", [keys], aligned: false)
    biases.output = add(prefix + "self_attn.o_proj.bias", [config.dim])
    return biases
  }

  private mutating func feedForwardBiases(_ prefix: String, _ config: LlamaConfig) -> FeedForwardBiases {
    var biases = FeedForwardBiases()
    biases.gateUp = add(prefix + "mlp.gate_proj.bias", [config.feedForward])
    add(prefix + "mlp.up_proj.bias", [config.feedForward], aligned: false)
    biases.down = add(prefix + "mlp.down_proj.bias", [config.dim])
    return biases
  }

  @discardableResult
  private mutating func add(_ name: String, _ shape: [Int], aligned: Bool = true) -> Int {
    let start = aligned ? (count + 15) & ~15 : count
    count = start + shape.reduce(1, *)
    tensors.append(ModelTensor(name: name, shape: shape, range: start..<count))
    return start
  }
}
