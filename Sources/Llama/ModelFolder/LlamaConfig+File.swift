public import Records

extension LlamaConfig {
  /// Reads a `config.json` of transformers with `model_type` llama or mistral; `path` is for messages.
  ///
  /// Defaults are those of transformers' `LlamaConfig` and `MistralConfig`. What the model code does not do (another
  /// activation, other rotary positions, quantised weights) is refused, never ignored.
  /// Throws `ModelFolderError` naming the key; `LlamaModelError.invalidConfig` for numbers that do not fit together.
  public init(json: JSONValue, path: String) throws {
    let file = try ConfigurationFile(path: path, value: json)
    guard let type = try file.string("model_type") else { throw file.refuse("model_type", "is missing") }
    guard type == "llama" || type == "mistral" else { throw file.unsupported("model_type", "is \"\(type)\"") }
    let isMistral = type == "mistral"
    let activation = try file.string("hidden_act") ?? "silu"
    guard activation == "silu" || activation == "swish" else {
      throw file.unsupported("hidden_act", "is \"\(activation)\"")
    }
    if file["quantization_config"] != nil { throw file.unsupported("quantization_config", "is present") }
    if let share = try file.double("partial_rotary_factor"), share != 1 {
      throw file.unsupported("partial_rotary_factor", "is \(share)")
    }
    let heads = try file.int("num_attention_heads")
    guard let epsilon = try file.double("rms_norm_eps") else {
      throw file.refuse("rms_norm_eps", "is missing")
    }
    let maxPositions = try file.optionalInt("max_position_embeddings") ?? (isMistral ? 131_072 : 2048)
    try self.init(
      vocabulary: try file.int("vocab_size"), dim: try file.int("hidden_size"),
      layers: try file.int("num_hidden_layers"), heads: heads,
      keyValueHeads: try file.optionalInt("num_key_value_heads") ?? (isMistral ? 8 : heads),
      headDim: try file.optionalInt("head_dim"), feedForward: try file.int("intermediate_size"),
      ropeTheta: try Self.theta(file), normEpsilon: Float(epsilon),
      tiedHead: try file.bool("tie_word_embeddings", default: false), maxPositions: maxPositions,
      ropeScaling: try RopeScaling(file, maxPositions: maxPositions),
      slidingWindow: isMistral ? try Self.window(file) : nil,
      // Mistral's code has no biases, whatever its configuration says.
      biases: isMistral
        ? Biases()
        : Biases(
          attention: try file.bool("attention_bias", default: false),
          feedForward: try file.bool("mlp_bias", default: false)))
  }

  private static func theta(_ file: ConfigurationFile) throws -> Double {
    try file.double("rope_scaling.rope_theta") ?? file.double("rope_parameters.rope_theta")
      ?? file.double("rope_theta") ?? 10_000
  }

  /// An explicit null is no window; transformers takes 4,096 when nothing is said.
  private static func window(_ file: ConfigurationFile) throws -> Int? {
    file.value["sliding_window"] == nil ? 4096 : try file.optionalInt("sliding_window")
  }
}
