extension LlamaConfig {
  /// Reads the numbers of a GGUF file whose architecture is `llama`, which Mistral's files also say.
  ///
  /// Throws `GGUFError` naming the key; `LlamaModelError.invalidConfig` for numbers that do not fit together.
  public init(_ file: GGUFFile) throws {
    let keys = GGUFKeys(file)
    guard let architecture = try keys.text("general.architecture") else {
      throw keys.refuse("general.architecture", "is missing")
    }
    guard architecture == "llama" else {
      throw keys.unsupported("general.architecture", "is \"\(architecture)\"")
    }
    if let experts = try keys.optionalInt("llama.expert_count"), experts > 0 {
      throw keys.unsupported("llama.expert_count", "is \(experts)")
    }
    guard let embedding = file.entry("token_embd.weight"), embedding.shape.count == 2 else {
      throw GGUFError.missing(path: file.path, tensor: "token_embd.weight")
    }
    let vocabulary = try keys.optionalInt("llama.vocab_size") ?? embedding.shape[0]
    guard vocabulary == embedding.shape[0] else {
      throw keys.refuse(
        "llama.vocab_size", "is \(vocabulary), but the embedding has \(embedding.shape[0]) rows")
    }
    let (dim, heads) = (try keys.int("llama.embedding_length"), try keys.int("llama.attention.head_count"))
    let headDim = try keys.headDim(dim: dim, heads: heads)
    guard let epsilon = try keys.double("llama.attention.layer_norm_rms_epsilon") else {
      throw keys.refuse("llama.attention.layer_norm_rms_epsilon", "is missing")
    }
    try self.init(
      vocabulary: vocabulary, dim: dim, layers: try keys.int("llama.block_count"), heads: heads,
      keyValueHeads: try keys.optionalInt("llama.attention.head_count_kv") ?? heads, headDim: headDim,
      feedForward: try keys.int("llama.feed_forward_length"),
      ropeTheta: try keys.double("llama.rope.freq_base") ?? 10_000, normEpsilon: Float(epsilon),
      tiedHead: file.entry("output.weight") == nil, maxPositions: try keys.int("llama.context_length"),
      ropeScaling: try keys.ropeScaling(),
      slidingWindow: try keys.optionalInt("llama.attention.sliding_window").flatMap { $0 > 0 ? $0 : nil },
      biases: Biases(
        attention: file.entry("blk.0.attn_q.bias") != nil, feedForward: file.entry("blk.0.ffn_up.bias") != nil
      ))
  }
}

/// The metadata of a file with messages that name the key.
private struct GGUFKeys {
  let file: GGUFFile

  init(_ file: GGUFFile) { self.file = file }

  func refuse(_ key: String, _ reason: String) -> GGUFError {
    .key(path: file.path, key: key, reason: reason)
  }

  func unsupported(_ key: String, _ reason: String) -> GGUFError {
    .unsupported(path: file.path, what: "\"\(key)\"", reason: reason)
  }

  func optionalInt(_ key: String) throws -> Int? {
    guard let value = file.header[key] else { return nil }
    guard let number = value.int else {
      if value.array != nil { throw unsupported(key, "differs from layer to layer") }
      throw refuse(key, "is not a whole number")
    }
    return number
  }

  func int(_ key: String) throws -> Int {
    guard let number = try optionalInt(key) else { throw refuse(key, "is missing") }
    return number
  }

  func double(_ key: String) throws -> Double? {
    guard let value = file.header[key] else { return nil }
    guard let number = value.double else { throw refuse(key, "is not a number with a fraction") }
    return number
  }

  func text(_ key: String) throws -> String? {
    guard let value = file.header[key] else { return nil }
    guard let text = value.text else { throw refuse(key, "is not text") }
    return text
  }

  /// All of a head's elements are turned, and its keys are as wide as its values.
  func headDim(dim: Int, heads: Int) throws -> Int? {
    let (key, value) = ("llama.attention.key_length", "llama.attention.value_length")
    let width = try optionalInt(key)
    if let other = try optionalInt(value), other != width ?? dim / max(heads, 1) {
      throw unsupported(value, "is \(other), another width than the keys'")
    }
    if let turned = try optionalInt("llama.rope.dimension_count"), turned != width ?? dim / max(heads, 1) {
      throw unsupported("llama.rope.dimension_count", "is \(turned), not the width of a head")
    }
    return width
  }

  func ropeScaling() throws -> RopeScaling {
    let kind = try text("llama.rope.scaling.type") ?? "none"
    let factors = file.entry(GGUFTensorName.rotaryFactors)
    switch (kind, factors) {
    case ("none", nil):
      // The key of files older than the one for the kind.
      guard let scale = try double("llama.rope.scale_linear"), scale != 1 else { return .none }
      return .linear(factor: scale)
    case ("linear", nil):
      guard let factor = try double("llama.rope.scaling.factor") else {
        throw refuse("llama.rope.scaling.factor", "is missing")
      }
      return .linear(factor: factor)
    case ("yarn", nil): return .yarn(try yarn())
    case ("none", let tensor?):
      guard tensor.shape.count == 1, tensor.elements <= 512 else {
        throw GGUFError.shape(path: file.path, tensor: tensor.name, found: tensor.shape, expected: [512])
      }
      return .factors(try file.floats(tensor.name))
    default: throw unsupported("llama.rope.scaling.type", "is \"\(kind)\"")
    }
  }
  /// Source: `llama_context` and `ggml_rope_yarn_corr_dims` of llama.cpp for what the numbers and missing keys mean.
  private func yarn() throws -> YarnScaling {
    let prefix = "llama.rope.scaling."
    guard let factor = try double(prefix + "factor") else { throw refuse(prefix + "factor", "is missing") }
    if let mix = try double(prefix + "yarn_ext_factor"), mix >= 0, mix != 1 {
      throw unsupported(prefix + "yarn_ext_factor", "is \(mix)")
    }
    let standard = YarnScaling.scale(factor)
    // Converters write config.json's amplitude there, and llama.cpp takes the paper's whatever it says.
    let amplitude = try double(prefix + "yarn_attn_factor") ?? 1
    guard amplitude == 1 || abs(amplitude - standard) <= 1e-5 * standard else {
      throw unsupported(prefix + "yarn_attn_factor", "is \(amplitude), not \(standard)")
    }
    let share = try double(prefix + "attn_factor") ?? 1
    let all = YarnScaling.scale(factor, try double(prefix + "yarn_log_multiplier") ?? 0)
    return YarnScaling(
      factor: factor,
      originalPositions: try optionalInt(prefix + "original_context_length") ?? int("llama.context_length"),
      betaFast: try double(prefix + "yarn_beta_fast") ?? 32,
      betaSlow: try double(prefix + "yarn_beta_slow") ?? 1,
      attentionFactor: standard / all * share)
  }
}
