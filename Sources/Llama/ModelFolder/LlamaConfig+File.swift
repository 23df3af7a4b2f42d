public import Records

extension LlamaConfig {
  /// Reads a `config.json` of transformers; `path` is for messages.
  ///
  /// Defaults are those of transformers' `LlamaConfig`. What the model code does not do (scaled rotary positions, biases,
  /// another activation, quantised weights) is refused, never ignored.
  /// Throws `ModelFolderError` naming the key; `LlamaModelError.invalidConfig` for numbers that do not fit together.
  public init(json: JSONValue, path: String) throws {
    let file = try ConfigurationFile(path: path, value: json)
    guard let type = try file.string("model_type") else { throw file.refuse("model_type", "is missing") }
    guard type == "llama" else { throw file.unsupported("model_type", "is \"\(type)\"") }
    for key in ["attention_bias", "mlp_bias"] where try file.bool(key, default: false) {
      throw file.unsupported(key, "is true")
    }
    let activation = try file.string("hidden_act") ?? "silu"
    guard activation == "silu" || activation == "swish" else {
      throw file.unsupported("hidden_act", "is \"\(activation)\"")
    }
    if file["quantization_config"] != nil { throw file.unsupported("quantization_config", "is present") }
    if file["rope_scaling"] != nil { throw file.unsupported("rope_scaling", "is present") }
    for key in ["rope_parameters.rope_type", "rope_parameters.type"] {
      if let type = try file.string(key), type != "default" { throw file.unsupported(key, "is \"\(type)\"") }
    }
    if let share = try file.double("partial_rotary_factor")
      ?? file.double("rope_parameters.partial_rotary_factor"),
      share != 1
    {
      throw file.unsupported("partial_rotary_factor", "is \(share)")
    }
    let heads = try file.int("num_attention_heads")
    guard let epsilon = try file.double("rms_norm_eps") else {
      throw file.refuse("rms_norm_eps", "is missing")
    }
    try self.init(
      vocabulary: try file.int("vocab_size"), dim: try file.int("hidden_size"),
      layers: try file.int("num_hidden_layers"), heads: heads,
      keyValueHeads: try file.optionalInt("num_key_value_heads") ?? heads,
      headDim: try file.optionalInt("head_dim"), feedForward: try file.int("intermediate_size"),
      ropeTheta: try file.double("rope_theta") ?? file.double("rope_parameters.rope_theta") ?? 10_000,
      normEpsilon: Float(epsilon), tiedHead: try file.bool("tie_word_embeddings", default: false),
      maxPositions: try file.optionalInt("max_position_embeddings") ?? 2048)
  }
}
