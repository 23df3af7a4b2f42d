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
    #","rope_scaling":{"type":"linear","factor":2}"#: "rope_scaling",
    #","rope_parameters":{"rope_type":"llama3","rope_theta":1}"#: "rope_parameters.rope_type",
    #","attention_bias":true"#: "attention_bias",
    #","mlp_bias":true"#: "mlp_bias",
    #","hidden_act":"gelu""#: "hidden_act",
    #","quantization_config":{"bits":4}"#: "quantization_config",
    #","partial_rotary_factor":0.5"#: "partial_rotary_factor",
    #","hidden_size":"576""#: "hidden_size",
    #","hidden_size":576.5"#: "hidden_size",
    #","num_attention_heads":true"#: "num_attention_heads",
    #","rms_norm_eps":"x""#: "rms_norm_eps",
    #","tie_word_embeddings":1"#: "tie_word_embeddings",
    #","rope_theta":"x""#: "rope_theta",
    #","model_type":"mistral""#: "model_type",
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
