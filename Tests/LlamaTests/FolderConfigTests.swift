import Records
import Testing

@testable import Llama

@Suite struct FolderConfigTests {
  static let smol = """
    {"model_type":"llama","vocab_size":49152,"hidden_size":576,"num_hidden_layers":30,"num_attention_heads":9,
    "num_key_value_heads":3,"head_dim":64,"intermediate_size":1536,"rms_norm_eps":1e-05,"tie_word_embeddings":true,
    "max_position_embeddings":8192,"hidden_act":"silu","attention_bias":false,"mlp_bias":false,"rope_scaling":null
    """

  func config(_ more: String, _ base: String = smol) throws -> LlamaConfig {
    try LlamaConfig(json: JSON.parse(Array((base + more + "}").utf8)), path: "config.json")
  }

  @Test func reads() throws {
    let old = try config(#","rope_theta":100000"#)
    #expect(old.ropeTheta == 100_000)
    #expect((old.vocabulary, old.dim, old.layers, old.heads) == (49152, 576, 30, 9))
    #expect((old.keyValueHeads, old.headDim, old.feedForward, old.maxPositions) == (3, 64, 1536, 8192))
    #expect(old.tiedHead)
    // transformers 5 writes the base into rope_parameters.
    #expect(try config(#","rope_parameters":{"rope_theta":100000.0,"rope_type":"default"}"#) == old)
    #expect(try config("").ropeTheta == 10_000)
  }

  @Test(arguments: [
    #","rope_scaling":{"type":"longrope","factor":2}"#: "rope_scaling.type",
    #","rope_parameters":{"rope_type":"longrope","rope_theta":1}"#: "rope_parameters.rope_type",
    #","rope_scaling":"linear""#: "rope_scaling",
    #","attention_bias":1"#: "attention_bias",
    #","mlp_bias":"yes""#: "mlp_bias",
    #","hidden_act":"gelu""#: "hidden_act",
    #","quantization_config":{"bits":4}"#: "quantization_config",
    #","partial_rotary_factor":0.5"#: "partial_rotary_factor",
    #","hidden_size":"576""#: "hidden_size",
    #","hidden_size":576.5"#: "hidden_size",
    #","num_attention_heads":true"#: "num_attention_heads",
    #","rms_norm_eps":"x""#: "rms_norm_eps",
    #","tie_word_embeddings":1"#: "tie_word_embeddings",
    #","rope_theta":"x""#: "rope_theta",
    #","model_type":"mixtral""#: "model_type",
    #","model_type":7"#: "model_type",
  ])
  func namesTheKey(_ more: String, _ key: String) throws {
    // The new value takes the old one's place: equal keys would be refused before they are looked at.
    var members = try #require(JSON.parse(Array((Self.smol + "}").utf8)).object)
    let text = "{" + more.dropFirst() + "}"
    let new = try #require(JSON.parse(Array(text.utf8)).object)
    members.removeAll { old in new.contains { $0.name == old.name } }
    let failure = #expect(throws: ModelFolderError.self) {
      try LlamaConfig(json: .object(members + new), path: "some/config.json")
    }
    let description = failure?.description ?? ""
    #expect(description.contains("some/config.json") && description.contains("\"\(key)\""), "\(description)")
  }

  @Test func biases() throws {
    let base = Self.smol.replacing(#""attention_bias":false,"mlp_bias":false,"#, with: "")
    #expect(try config("", base).biases == LlamaConfig.Biases())
    #expect(try config(#","attention_bias":true"#, base).biases == LlamaConfig.Biases(attention: true))
    #expect(try config(#","mlp_bias":true"#, base).biases == LlamaConfig.Biases(feedForward: true))
  }

  /// Mistral's defaults are other ones, and what is not said of the window is 4,096.
  @Test func mistral() throws {
    func mistral(_ more: String) throws -> LlamaConfig {
      try config(
        more,
        #"{"model_type":"mistral","vocab_size":32000,"hidden_size":4096,"num_hidden_layers":32,"#
          + #""num_attention_heads":32,"intermediate_size":14336,"rms_norm_eps":1e-05"#)
    }
    let plain = try mistral("")
    #expect(
      (plain.keyValueHeads, plain.headDim, plain.maxPositions, plain.slidingWindow) == (8, 128, 131_072, 4096)
    )
    #expect(plain.longestSequence == 4096)
    let later = try mistral(#","sliding_window":null,"max_position_embeddings":32768"#)
    #expect(later.slidingWindow == nil && later.longestSequence == 32_768)
    #expect(throws: LlamaModelError.self) { try mistral(#","sliding_window":0"#) }
    let long = TrainingSequence(
      tokens: [Int32](repeating: 1, count: 4097), labels: [Int32](repeating: 1, count: 4097))
    let failure = #expect(throws: LlamaModelError.self) { try RaggedBatch([long], plain) }
    #expect(failure?.description.contains("sliding window of 4096") == true)
    #expect(try RaggedBatch([long], later).count == 4097)
  }

  @Test(arguments: [
    "model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
    "intermediate_size",
    "rms_norm_eps",
  ])
  func missing(_ key: String) throws {
    var members = try #require(JSON.parse(Array((Self.smol + "}").utf8)).object)
    members.removeAll { $0.name == key }
    let failure = #expect(throws: ModelFolderError.self) {
      try LlamaConfig(json: .object(members), path: "c.json")
    }
    #expect(failure == .key(path: "c.json", key: key, reason: "is missing"))
  }

  @Test func impossibleNumbers() {
    for more in [#","num_key_value_heads":4"#, #","num_key_value_heads":0"#] {
      let base = Self.smol.replacing(#""num_key_value_heads":3,"#, with: "")
      #expect(throws: LlamaModelError.self) { try config(more, base) }
    }
  }
}
