import Records
import Testing

@testable import Llama

/// The engine that generates against the model that is trained: the same weights, the same numbers.
@Suite struct InferenceTests {
  private static let prompt: [Int32] = (0..<150).map { (n: Int) -> Int32 in Int32((n * n * 7 + n * 3) % 300) }

  /// A folder of a tiny model with random weights, and members of its config.json replaced.
  private func folder(_ place: TemporaryFolder, _ more: String = "{}") throws -> String {
    let path = place("model")
    try TinyModel(heads: 4, keyValueHeads: 2).write(to: path, seed: 3)
    var members = try #require(JSON.parse(place.read("model/config.json")).object)
    let new = try #require(JSON.parse(Array(more.utf8)).object)
    members.removeAll { old in new.contains { $0.name == old.name } }
    let configuration = JSONValue.object(members + new)
    try place.write("model/config.json", ConfigurationText.encode(configuration))
    let model = try LlamaModel(config: LlamaConfig(json: configuration, path: "config.json"), threads: 1)
    var numbers = SeededNumbers(9)
    for tensor in model.tensors {
      let isVector = tensor.shape.count == 1
      try numbers.floats(tensor.range.count).map { isVector ? 1 + 0.2 * $0 : 0.3 * $0 }
        .withUnsafeBufferPointer { try model.loadWeight(tensor.name, from: $0) }
    }
    try ModelFolder.writeWeights(model, to: path)
    return path
  }

  /// Logits after each of the last few tokens of the prompt: all but them as a prompt, then one by one.
  private func found(
    _ path: String, threads: Int = 2, kernels: ComputePath = .best, adapter: LoRAAdapter? = nil
  ) throws -> [[Float]] {
    let engine = try InferenceModel(
      StoredModel(path: path), adapter: adapter, threads: threads, memory: 1 << 33, path: kernels)
    let cache = try engine.makeCaches(1, positions: Self.prompt.count)[0]
    let last = Self.prompt.count - 3
    try engine.prefill(Array(Self.prompt[..<last]), into: cache)
    var logits = [engine.withLogits(of: 0) { Array($0) }]
    for token in Self.prompt[last...] {
      try engine.decode([(token, cache)])
      logits.append(engine.withLogits(of: 0) { Array($0) })
    }
    return logits
  }

  private func expected(_ model: LlamaModel) throws -> [[Float]] {
    let (count, size) = (Self.prompt.count, model.config.vocabulary)
    let all = try model.logits(Self.prompt, at: Array(count - 4..<count))
    return (0..<4).map { Array(all[$0 * size..<($0 + 1) * size]) }
  }

  private func error(_ found: [[Float]], _ expected: [[Float]]) -> Double {
    zip(found, expected).map { relativeError($0, $1.map { Double($0) }) }.max() ?? .infinity
  }

  @Test(arguments: [
    "{}", #"{"tie_word_embeddings":false}"#, #"{"attention_bias":true,"mlp_bias":true}"#,
    #"{"rope_scaling":{"rope_type":"linear","factor":2.5}}"#,
    #"{"rope_theta":500000,"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64}}"#,
  ])
  func logitsAreThoseOfTheTrainedModel(_ more: String) throws {
    let place = try TemporaryFolder()
    let path = try folder(place, more)
    let expected = try expected(StoredModel(path: path).loadModel(threads: 1))
    for kernels in pathsHere { #expect(try error(found(path, kernels: kernels), expected) < 1e-5) }
    for type in ModelConversion.WeightType.allCases {
      try ModelConversion(StoredModel(path: path), to: type).writeGGUF(place("\(type).gguf"))
      let file = place("\(type).gguf")
      let unpacked = try self.expected(StoredModel(path: file).loadModel(threads: 1))
      for kernels in pathsHere {
        #expect(try error(found(file, kernels: kernels), unpacked) < 1e-4, "\(type) \(kernels)")
      }
    }
    for type in [ModelConversion.WeightType.f16, .bf16] {
      try ModelConversion(StoredModel(path: path), to: type).writeFolder(place("\(type)"))
      let unpacked = try self.expected(StoredModel(path: place("\(type)")).loadModel(threads: 1))
      #expect(try error(found(place("\(type)")), unpacked) < 1e-5, "\(type)")
    }
  }

  /// A window that the text outgrows: what a token sees is what a shorter text ends with, in a model of one layer.
  @Test func slidingWindow() throws {
    let place = try TemporaryFolder()
    let path = try folder(place, #"{"model_type":"mistral","sliding_window":20,"num_hidden_layers":1}"#)
    let wide = try TemporaryFolder()
    let all = try folder(
      wide, #"{"model_type":"mistral","sliding_window":null,"num_hidden_layers":1,"rope_theta":10000}"#)
    let narrow = try found(path)
    #expect(try error(narrow, found(all)) > 1e-3)
    // Rotary positions are relative, so the last 20 tokens alone give the same.
    let short = Array(Self.prompt.suffix(20))
    let model = try StoredModel(path: all).loadModel(threads: 1)
    let expected = try model.logits(short, at: [19])
    #expect(relativeError(narrow[3], expected.map { Double($0) }) < 1e-4)
  }

  @Test func adaptersStandBesideTheModel() throws {
    let place = try TemporaryFolder()
    let path = try folder(place, #"{"attention_bias":true}"#)
    let stored = try StoredModel(path: path)
    let model = try stored.loadModel(threads: 1)
    var numbers = SeededNumbers(2)
    let names = [
      "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
      "mlp.up_proj", "mlp.down_proj",
    ]
    var layers: [LoRAAdapter.Layer] = []
    for name in names {
      let full = "model.layers.1." + name
      let shape = try #require(model.tensors.first { $0.name == full + ".weight" }?.shape)
      layers.append(
        LoRAAdapter.Layer(
          name: full, inputs: shape[1], outputs: shape[0], a: numbers.floats(3 * shape[1]),
          b: numbers.floats(3 * shape[0])))
    }
    let adapter = LoRAAdapter(rank: 3, alpha: 2, targetModules: names, layers: layers)
    for layer in layers {
      try model.fillWeight(layer.name + ".weight") { weight in
        for row in 0..<layer.outputs {
          for column in 0..<layer.inputs {
            for r in 0..<3 {
              weight[row * layer.inputs + column] +=
                Float(adapter.scale) * layer.b[row * 3 + r] * layer.a[r * layer.inputs + column]
            }
          }
        }
      }
    }
    let expected = try expected(model)
    #expect(try error(found(path), expected) > 1e-3)
    #expect(try error(found(path, adapter: adapter), expected) < 1e-5)
    try ModelConversion(stored, to: .f32).writeGGUF(place("m.gguf"))
    #expect(try error(found(place("m.gguf"), adapter: adapter), expected) < 1e-5)
    for change in [
      { (layer: inout LoRAAdapter.Layer) in layer.name = "model.layers.9.self_attn.q_proj" },
      {
        $0.outputs += 1; $0.b += [0, 0, 0]
      },
    ] {
      var other = adapter
      change(&other.layers[0])
      #expect(throws: AdapterError.self) {
        try InferenceModel(stored, adapter: other, adapterPath: "a", threads: 1, memory: 1 << 33)
      }
    }
  }

  @Test func threadsChangeNothing() throws {
    let place = try TemporaryFolder()
    let path = try folder(place)
    try ModelConversion(StoredModel(path: path), to: .q8_0).writeGGUF(place("m.gguf"))
    for model in [path, place("m.gguf")] {
      #expect(try found(model, threads: 1) == found(model, threads: 3))
    }
  }

  @Test func whatCannotBeRunIsRefused() throws {
    let place = try TemporaryFolder()
    let engine = try InferenceModel(StoredModel(path: folder(place)), threads: 1, memory: 1 << 33)
    let cache = try engine.makeCaches(1, positions: 10)[0]
    #expect(cache.capacity == 16)
    for tokens: [Int32] in [[], [-1], [Int32(engine.config.vocabulary)], Array(repeating: 1, count: 17)] {
      #expect(throws: LlamaModelError.self) { try engine.prefill(tokens, into: cache) }
    }
    try engine.prefill(Array(repeating: 1, count: 16), into: cache)
    #expect(throws: LlamaModelError.self) { try engine.decode([(1, cache)]) }
    #expect(try engine.makeCaches(1, positions: 1 << 40)[0].capacity == engine.context)
    #expect(throws: InferenceError.self) { try engine.makeCaches(1 << 30, positions: 1 << 32) }
    #expect(throws: InferenceError.self) { try engine.makeCaches(Int.max / 2, positions: Int.max / 2) }
    let generator = TextGenerator(
      engine, tokenizer: try TextModel(path: place("model")).tokenizer, ends: [])
    func request(_ count: Int) -> TextGenerator.Request {
      TextGenerator.Request(prompt: Array(repeating: 1, count: count), sampling: .greedy, limit: 3)
    }
    #expect(throws: InferenceError.emptyPrompt) { try generator.check(request(0)) }
    #expect(throws: InferenceError.promptTooLong(tokens: engine.context, context: engine.context)) {
      try generator.check(request(engine.context))
    }
    #expect(throws: Never.self) { try generator.check(request(engine.context - 1)) }
  }

  /// A file cut after it was opened is refused while it is mapped.
  @Test func cutFiles() throws {
    let place = try TemporaryFolder()
    let path = try folder(place)
    let stored = try StoredModel(path: path)
    try place.write("model/model.safetensors", Array(place.read("model/model.safetensors").prefix(50_000)))
    #expect(throws: FileFailure.self) { try InferenceModel(stored, threads: 1, memory: 1 << 33) }
  }
}
