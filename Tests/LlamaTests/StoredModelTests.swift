import Records
import Testing

@testable import Llama

/// A model in both formats: what goes from one to the other and back is the same.
@Suite struct StoredModelTests {
  /// A folder of a tiny model with members of its config.json replaced, and random weights for what that asks for.
  private func folder(_ place: TemporaryFolder, _ more: String = "{}") throws -> String {
    let path = place("model")
    try TinyModel(heads: 4, keyValueHeads: 2).write(to: path, seed: 3)
    var members = try #require(JSON.parse(place.read("model/config.json")).object)
    let new = try #require(JSON.parse(Array(more.utf8)).object)
    members.removeAll { old in new.contains { $0.name == old.name } }
    let configuration = JSONValue.object(members + new)
    try place.write("model/config.json", ConfigurationText.encode(configuration))
    let config = try LlamaConfig(json: configuration, path: "config.json")
    let model = try LlamaModel(config: config, threads: 1)
    var numbers = SeededNumbers(9)
    for tensor in model.tensors {
      try numbers.floats(tensor.range.count).withUnsafeBufferPointer {
        try model.loadWeight(tensor.name, from: $0)
      }
    }
    try ModelFolder.writeWeights(model, to: path)
    return path
  }

  private func weights(_ model: StoredModel) throws -> [[Float]] {
    try model.tensors.map { try model.weights.floats($0.name, shape: $0.shape) }
  }

  @Test(arguments: [
    "{}", #"{"tie_word_embeddings":false}"#, #"{"attention_bias":true,"mlp_bias":true}"#,
    #"{"model_type":"mistral","sliding_window":64}"#,
    #"{"rope_scaling":{"rope_type":"linear","factor":2.5}}"#,
    #"{"rope_theta":500000,"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192}}"#,
  ])
  func thereAndBack(_ more: String) throws {
    let place = try TemporaryFolder()
    let source = try StoredModel(path: folder(place, more))
    try ModelConversion(source, to: .f32).writeGGUF(place("m.gguf"))
    let file = try StoredModel(path: place("m.gguf"))
    #expect(try weights(file) == weights(source))
    // The rows of queries and keys lie in another order.
    let gguf = try GGUFFile(path: place("m.gguf"))
    #expect(
      try gguf.floats("blk.0.attn_q.weight")
        != file.weights.floats("model.layers.0.self_attn.q_proj.weight", shape: [64, 64]))
    try ModelConversion(file, to: .f32).writeFolder(place("back"))
    let back = try StoredModel(path: place("back"))
    #expect(back.config == source.config)
    #expect(try weights(back) == weights(source))
    let (before, after) = try (
      Tokenizer(jsonPath: place("model/tokenizer.json")),
      Tokenizer(jsonPath: place("back/tokenizer.json"))
    )
    let text = "Hb 13.5 g/dL <|end|> na\u{EF}ve 2024"
    #expect(before.encode(text) == after.encode(text) && before.vocabularySize == after.vocabularySize)
    #expect(
      try TextModel(path: place("back")).endOfSequence == TextModel(path: place("model")).endOfSequence)
  }

  /// The same weights give the same logits from either.
  @Test func sameLogits() throws {
    let place = try TemporaryFolder()
    let source = try StoredModel(path: folder(place))
    try ModelConversion(source, to: .f32).writeGGUF(place("m.gguf"))
    let expected = try source.loadModel(threads: 1).logits([1, 2, 3], at: [2])
    #expect(
      try StoredModel(path: place("m.gguf")).loadModel(threads: 1).logits([1, 2, 3], at: [2]) == expected)
  }

  @Test func everyType() throws {
    let place = try TemporaryFolder()
    let source = try StoredModel(path: folder(place))
    let exact = try weights(source)
    for (type, bound) in [(ModelConversion.WeightType.f16, Float(5e-4)), (.bf16, 4e-3), (.q8_0, 5e-3)] {
      try ModelConversion(source, to: type).writeGGUF(place("\(type).gguf"))
      let file = try StoredModel(path: place("\(type).gguf"))
      for (found, expected) in zip(try weights(file), exact) {
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= bound }, "\(type)")
      }
      let types = Dictionary(file.weights.stored.map { ($0.name, $0.type) }) { first, _ in first }
      #expect(types["output_norm.weight"] == "F32")
      #expect(types["blk.0.attn_v.weight"] == ["f16": "F16", "bf16": "BF16", "q8_0": "Q8_0"][type.rawValue])
      // 172 columns are no whole number of blocks.
      if type == .q8_0 { #expect(types["blk.0.ffn_down.weight"] == "F16") }
    }
    for type in [ModelConversion.WeightType.f16, .bf16] {
      try ModelConversion(source, to: type).writeFolder(place("\(type)"))
      let written = try StoredModel(path: place("\(type)"))
      #expect(Set(written.weights.stored.map(\.type)) == [type.rawValue.uppercased()])
      let dtype = try JSON.parse(place.read("\(type)/config.json"))["torch_dtype"]?.string
      #expect(dtype == ["f16": "float16", "bf16": "bfloat16"][type.rawValue])
    }
    #expect(throws: ModelConversionError.quantizedFolder) {
      try ModelConversion(source, to: .q8_0).writeFolder(place("q"))
    }
  }

  @Test func shards() throws {
    let place = try TemporaryFolder()
    let source = try StoredModel(path: folder(place, #"{"tie_word_embeddings":false}"#))
    let tensors = try source.tensors.map {
      OutgoingTensor(
        name: $0.name, shape: $0.shape, elements: try source.weights.floats($0.name, shape: $0.shape))
    }
    try place.remove("model/model.safetensors")
    try ShardedSafetensors.write(tensors, as: .float32, to: place("model"), longestShard: 100_000)
    let index = try JSON.parse(place.read("model/model.safetensors.index.json"))
    let names = Set((index["weight_map"]?.object ?? []).compactMap(\.value.string))
    #expect(names.count > 3 && names.contains("model-00001-of-0000\(names.count).safetensors"))
    #expect(index["metadata"]?["total_size"]?.int == 4 * tensors.reduce(0) { $0 + $1.count })
    let sharded = try StoredModel(path: place("model"))
    #expect(try weights(sharded) == weights(source))
  }

  /// A number that the type cannot hold is refused with its tensor, and nothing is left behind.
  @Test func numbersOutOfRange() throws {
    let place = try TemporaryFolder()
    let path = try folder(place)
    let model = try StoredModel(path: path).loadModel(threads: 1)
    for (value, types) in [
      (Float(1e5), [ModelConversion.WeightType.f16]), (.infinity, [.q8_0]), (.nan, [.q8_0]),
      (1e30, [.f16, .q8_0]),
    ] {
      try model.fillWeight("model.layers.1.self_attn.v_proj.weight") { $0[5] = value }
      try ModelFolder.writeWeights(model, to: path)
      for type in types {
        let failure = #expect(throws: GGUFError.self) {
          try ModelConversion(StoredModel(path: path), to: type).writeGGUF(place("m.gguf"))
        }
        #expect(failure?.description.contains("element 5 of tensor \"blk.1.attn_v.weight\"") == true)
      }
    }
    #expect(try place.names() == ["model"])
  }

  @Test func tensorsMustFit() throws {
    let place = try TemporaryFolder()
    let path = try folder(place)
    let source = try StoredModel(path: path)
    func rewrite(_ change: (inout [OutgoingTensor]) -> Void) throws {
      var tensors = try source.tensors.map {
        OutgoingTensor(
          name: $0.name, shape: $0.shape, elements: try source.weights.floats($0.name, shape: $0.shape))
      }
      change(&tensors)
      try SafetensorsWriter.write(tensors, to: path + "/model.safetensors")
    }
    let one = OutgoingTensor(name: "x", shape: [1], elements: [1])
    try rewrite { $0.append(one) }
    let extra = #expect(throws: ModelFolderError.self) { try StoredModel(path: path) }
    #expect(
      extra?.description.contains("\"x\" is a tensor that this model's configuration has no place for")
        == true)
    try rewrite {
      $0.append(
        OutgoingTensor(name: "model.layers.0.self_attn.rotary_emb.inv_freq", shape: [1], elements: [1]))
    }
    _ = try StoredModel(path: path)
    try rewrite { $0.removeAll { $0.name == "model.norm.weight" } }
    #expect(throws: SafetensorsError.missing(path: path, tensor: "model.norm.weight")) {
      try StoredModel(path: path)
    }
    try rewrite { $0[1].shape = [8, 8] }
    #expect(throws: SafetensorsError.self) { try StoredModel(path: path) }
  }

  /// What a file with wrong metadata is refused for.
  @Test(
    arguments: [
      ("general.architecture", nil, "\"general.architecture\" is missing"),
      ("general.architecture", .text("gptneox"), "is \"gptneox\""),
      ("general.architecture", .string([0xFF]), "is not text"), ("llama.block_count", nil, "is missing"),
      ("llama.block_count", .float32(2), "is not a whole number"),
      ("llama.block_count", .uint32(3), "no tensor \"blk.2"),
      ("llama.block_count", .uint32(1), "has no place for"),
      ("llama.block_count", .uint64(.max), "is not a whole number"),
      ("llama.block_count", .int32(-1), "layers is -1"),
      ("llama.vocab_size", .uint32(7), "but the embedding has"),
      ("llama.embedding_length", .uint32(32), "shape"),
      ("llama.attention.head_count", .uint32(0), "heads is 0"),
      ("llama.attention.head_count_kv", .array(GGUFArray(int32s: [2, 2])), "differs from layer to layer"),
      ("llama.attention.value_length", .uint32(8), "another width than the keys"),
      ("llama.rope.dimension_count", .uint32(8), "not the width of a head"),
      ("llama.rope.scaling.type", .text("longrope"), "is \"longrope\""),
      ("llama.rope.scaling.type", .text("yarn"), "factor\" is missing"),
      ("llama.rope.scaling.type", .text("linear"), "factor\" is missing"),
      ("llama.rope.freq_base", .float32(.nan), "rope theta"), ("llama.expert_count", .uint32(8), "is 8"),
      ("llama.attention.layer_norm_rms_epsilon", nil, "is missing"),
      ("split.count", .uint16(3), "split into 3 files"),
    ] as [(String, GGUFValue?, String)])
  func wrongMetadata(_ key: String, _ value: GGUFValue?, _ says: String) throws {
    let place = try TemporaryFolder()
    try ModelConversion(StoredModel(path: folder(place)), to: .f32).writeGGUF(place("m.gguf"))
    let file = try GGUFFile(path: place("m.gguf"))
    var metadata = file.header.metadata.filter { $0.key != key }
    if let value { metadata.append(GGUFEntry(key, value)) }
    let tensors = try file.header.tensors.map { tensor in
      (
        tensor: OutgoingTensor(
          name: tensor.name, shape: tensor.shape, elements: try file.floats(tensor.name)),
        type: GGUFWriter.ElementType.float32
      )
    }
    try GGUFWriter.write(metadata: metadata, tensors: tensors, to: place("wrong.gguf"))
    do {
      _ = try StoredModel(path: place("wrong.gguf"))
      Issue.record("accepted")
    } catch {
      #expect("\(error)".contains(says), "\(error)")
    }
  }

  @Test func rowsKeepTheirPairs() {
    let order = RotaryRowOrder(headDim: 6)
    #expect((0..<12).map(order.stored) == [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11])
  }

  @Test func tokenizerMetadata() throws {
    let tokenizer = GGUFTokenizer(
      model: "gpt2", pre: "smollm", tokens: [[0x61], [0xC3], []], scores: [0, -1, 2], types: [1, 3, 5],
      merges: [Array("a b".utf8)], ids: ["bos": 0, "eot": 2], addsBeginning: true, addsEnd: false,
      addsSpacePrefix: false,
      chatTemplate: "{{ x }}")
    let place = try TemporaryFolder()
    try GGUFWriter.write(metadata: tokenizer.metadata, tensors: [], to: place("t.gguf"))
    let file = try GGUFFile(path: place("t.gguf"))
    #expect(try GGUFTokenizer(file.header, path: file.path) == tokenizer)
    for (key, value) in [
      ("tokenizer.ggml.eos_token_id", GGUFValue.uint32(3)),
      ("tokenizer.ggml.scores", .array(GGUFArray(floats: [1]))),
      ("tokenizer.ggml.token_type", .array(GGUFArray(floats: [1, 1, 1]))),
      ("tokenizer.ggml.pre", .bool(true)),
      ("tokenizer.ggml.tokens", .array(GGUFArray(int32s: [1]))), ("tokenizer.ggml.add_bos_token", .uint8(1)),
    ] {
      let metadata = tokenizer.metadata.filter { $0.key != key } + [GGUFEntry(key, value)]
      try GGUFWriter.write(metadata: metadata, tensors: [], to: place("w.gguf"))
      let wrong = try GGUFFile(path: place("w.gguf"))
      let failure = #expect(throws: GGUFError.self, "\(key)") { try GGUFTokenizer(wrong.header, path: "w") }
      #expect(failure?.description.contains(key) == true)
    }
  }
}
