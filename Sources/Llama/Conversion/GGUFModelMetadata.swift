import Records

/// The metadata of a GGUF file for a model. Source: `constants.py` of the `gguf` package for the keys.
struct GGUFModelMetadata {
  let source: StoredModel
  let type: ModelConversion.WeightType

  init(_ source: StoredModel, _ type: ModelConversion.WeightType) {
    self.source = source
    self.type = type
  }

  /// Keys and values: general, architecture, tokenizer.
  func entries() throws -> [GGUFEntry] {
    var entries = general
    entries += try architecture()
    if let tokenizer = try tokenizer() { entries += tokenizer.metadata }
    return entries
  }

  private var general: [GGUFEntry] {
    // Source: `LlamaFileType` of the `gguf` package.
    let fileType: UInt32 =
      switch type {
      case .f32: 0
      case .f16: 1
      case .q8_0: 7
      case .bf16: 32
      }
    var entries = [
      GGUFEntry("general.architecture", .text("llama")), GGUFEntry("general.type", .text("model")),
    ]
    if case .gguf(let file) = source.source {
      let kept = ["general.name", "general.license", "general.author", "general.url", "general.source.url"]
      entries += file.header.metadata.filter { kept.contains($0.key) }
    }
    entries.append(GGUFEntry("general.file_type", .uint32(fileType)))
    if type == .q8_0 { entries.append(GGUFEntry("general.quantization_version", .uint32(2))) }
    return entries
  }

  private func architecture() throws -> [GGUFEntry] {
    let config = source.config
    func count(_ key: String, _ value: Int) -> GGUFEntry {
      GGUFEntry("llama." + key, .uint32(UInt32(clamping: value)))
    }
    func number(_ key: String, _ value: Double) -> GGUFEntry {
      GGUFEntry("llama." + key, .float32(Float(value)))
    }
    var entries = [
      count("vocab_size", config.vocabulary), count("context_length", config.maxPositions),
      count("embedding_length", config.dim), count("block_count", config.layers),
      count("feed_forward_length", config.feedForward), count("attention.head_count", config.heads),
      count("attention.head_count_kv", config.keyValueHeads), count("attention.key_length", config.headDim),
      count("attention.value_length", config.headDim), count("rope.dimension_count", config.headDim),
      number("rope.freq_base", config.ropeTheta),
      number("attention.layer_norm_rms_epsilon", Double(config.normEpsilon)),
    ]
    if let window = config.slidingWindow { entries.append(count("attention.sliding_window", window)) }
    switch config.ropeScaling {
    case .none, .dynamic, .llama3, .factors: break
    case .linear(let factor):
      entries.append(GGUFEntry("llama.rope.scaling.type", .text("linear")))
      entries.append(number("rope.scaling.factor", factor))
    case .yarn(let yarn):
      guard yarn.truncates else {
        throw ModelConversionError.ropeScaling(
          path: source.path,
          reason: "are scaled by YaRN between parts of dimensions, for which GGUF has no key")
      }
      entries += [
        GGUFEntry("llama.rope.scaling.type", .text("yarn")), number("rope.scaling.factor", yarn.factor),
        count("rope.scaling.original_context_length", yarn.originalPositions),
        number("rope.scaling.yarn_beta_fast", yarn.betaFast),
        number("rope.scaling.yarn_beta_slow", yarn.betaSlow),
      ]
      // llama.cpp multiplies the paper's amplitude by it.
      let share = yarn.attentionFactor / YarnScaling.scale(yarn.factor)
      if share != 1 { entries.append(number("rope.scaling.attn_factor", share)) }
    }
    return entries
  }

  private func tokenizer() throws -> GGUFTokenizer? {
    switch source.source {
    case .gguf(let file): return try GGUFTokenizer(file.header, path: file.path)
    case .folder(let configuration):
      return try GGUFTokenizer(
        folder: source.path, configuration: configuration, vocabulary: source.config.vocabulary)
    }
  }
}
