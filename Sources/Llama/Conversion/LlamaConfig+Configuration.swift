import Records

extension LlamaConfig {
  /// The config.json of this model. Rotary scaling is written as transformers 4 does, which 5 reads too.
  func configuration(
    _ elements: SafetensorsWriter.ElementType, scaling: RopeScaling, ids: [String: Int]
  ) -> JSONValue {
    let isMistral = slidingWindow != nil
    var members: [JSONMember] = [
      JSONMember("architectures", .array([.string(isMistral ? "MistralForCausalLM" : "LlamaForCausalLM")])),
      JSONMember("model_type", .string(isMistral ? "mistral" : "llama")),
      JSONMember("torch_dtype", .string(elements.torchName)), JSONMember("hidden_act", .string("silu")),
      JSONMember("vocab_size", .integer(vocabulary)), JSONMember("hidden_size", .integer(dim)),
      JSONMember("num_hidden_layers", .integer(layers)), JSONMember("num_attention_heads", .integer(heads)),
      JSONMember("num_key_value_heads", .integer(keyValueHeads)), JSONMember("head_dim", .integer(headDim)),
      JSONMember("intermediate_size", .integer(feedForward)),
      JSONMember("max_position_embeddings", .integer(maxPositions)),
      JSONMember("rms_norm_eps", .number(Self.shortest(normEpsilon))),
      JSONMember("rope_theta", .number(Self.shortest(Float(ropeTheta), ropeTheta))),
      JSONMember("rope_scaling", scaling.configuration), JSONMember("tie_word_embeddings", .bool(tiedHead)),
    ]
    if isMistral {
      members.append(JSONMember("sliding_window", slidingWindow.map { .integer($0) } ?? .null))
    } else {
      members.append(JSONMember("attention_bias", .bool(biases.attention)))
      members.append(JSONMember("mlp_bias", .bool(biases.feedForward)))
    }
    for (key, name) in [("bos_token_id", "bos"), ("eos_token_id", "eos"), ("pad_token_id", "padding")] {
      members.append(JSONMember(key, ids[name].map { .integer($0) } ?? .null))
    }
    return .object(members)
  }

  /// The shortest decimal that is the same single-precision number: 1e-05, not 9.999999747378752e-06.
  private static func shortest(_ value: Float, _ exact: Double? = nil) -> Double {
    if let exact, Double(value) != exact { return exact }
    return Double("\(value)") ?? Double(value)
  }
}

extension RopeScaling {
  /// The value of `rope_scaling`.
  fileprivate var configuration: JSONValue {
    func object(_ kind: String, _ numbers: [(String, Double)]) -> JSONValue {
      .object(
        [JSONMember("rope_type", .string(kind))] + numbers.map { JSONMember($0.0, .number($0.1)) })
    }
    switch self {
    case .none, .factors: return .null  // factors were named before, see `named`
    case .linear(let factor): return object("linear", [("factor", factor)])
    case .dynamic(let factor): return object("dynamic", [("factor", factor)])
    case .llama3(let factor, let low, let high, let positions):
      return object(
        "llama3",
        [
          ("factor", factor), ("low_freq_factor", low), ("high_freq_factor", high),
          ("original_max_position_embeddings", Double(positions)),
        ])
    case .yarn(let yarn):
      let numbers = [
        ("factor", yarn.factor), ("beta_fast", yarn.betaFast), ("beta_slow", yarn.betaSlow),
        ("attention_factor", yarn.attentionFactor),
        ("original_max_position_embeddings", Double(yarn.originalPositions)),
      ]
      guard case .object(let members) = object("yarn", numbers) else { return .null }
      return .object(members + [JSONMember("truncate", .bool(yarn.truncates))])
    }
  }
}
