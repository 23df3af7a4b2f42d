import Records
import Testing

@testable import Llama

@Suite struct TinyModelTests {
  let shape = TinyModel(
    dim: 16, layers: 1, heads: 2, keyValueHeads: 1, feedForward: 24, maxPositions: 64, merges: 60)

  @Test func sameBytesFromTheSameSeed() throws {
    let folder = try TemporaryFolder()
    for (name, seed) in [("a", 1), ("b", 1), ("c", 2)] as [(String, UInt64)] {
      try shape.write(to: folder(name), seed: seed)
    }
    let names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    for name in names { #expect(try folder.read("a/" + name) == folder.read("b/" + name)) }
    #expect(try folder.read("a/model.safetensors") != folder.read("c/model.safetensors"))
  }

  @Test(arguments: [true, false]) func opensAndIsWrittenAgain(tied: Bool) throws {
    let folder = try TemporaryFolder()
    var shape = shape
    shape.tiedHead = tied
    try shape.write(to: folder("a"), seed: 3)
    let source = try TextModel(path: folder("a"))
    #expect(source.stored.config.dim == 16 && source.stored.config.tiedHead == tied)
    #expect(source.tokenizer.encode("### Response:").count < 8)
    #expect(source.endOfSequence == source.tokenizer.id(of: "<|end|>"))
    #expect(source.stored.weights.stored.contains { $0.name == "lm_head.weight" } == !tied)
    let model = try source.loadModel(threads: 1)
    try source.write(model, to: folder("b"))
    for name in ["model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
      #expect(try folder.read("a/" + name) == folder.read("b/" + name))
    }
    let again = try TextModel(path: folder("b")).loadModel(threads: 1)
    #expect(try again.logits([1, 2, 3], at: [0, 1, 2]) == model.logits([1, 2, 3], at: [0, 1, 2]))
  }

  @Test func writesItsOwnElementType() throws {
    let folder = try TemporaryFolder()
    try shape.write(to: folder("a"), seed: 3)
    let text = String(decoding: try folder.read("a/config.json"), as: UTF8.self)
    for (found, expected) in [("torch_dtype", "torch_dtype"), ("dtype", "dtype"), ("other", "torch_dtype")] {
      let changed = text.replacing(#""torch_dtype": "float32""#, with: #""\#(found)": "bfloat16""#)
      try folder.write("a/config.json", Array(changed.utf8))
      let source = try TextModel(path: folder("a"))
      try source.write(source.loadModel(threads: 1), to: folder("b"))
      #expect(try JSON.parse(folder.read("b/config.json"))[expected]?.string == "float32")
    }
  }

  @Test func endOfSequence() throws {
    let folder = try TemporaryFolder()
    try shape.write(to: folder.path, seed: 3)
    func end() throws -> Int32 { try TextModel(path: folder.path).endOfSequence }
    let last = try end()
    try folder.write(
      "tokenizer_config.json",
      Array(#"{"eos_token":{"content":"<|start|>"},"model_max_length":1000000000000000019884624838656}"#.utf8)
    )
    #expect(try end() == last - 1)
    try folder.write("tokenizer_config.json", Array(#"{"eos_token":"<none>"}"#.utf8))
    #expect(throws: ModelFolderError.self) { try end() }
    try folder.write("tokenizer_config.json", Array("{}".utf8))
    #expect(try end() == last)
    let text = String(decoding: try folder.read("config.json"), as: UTF8.self)
    try folder.write(
      "config.json",
      Array(text.replacing(#""eos_token_id": \#(last)"#, with: #""eos_token_id": [7, 8]"#).utf8))
    #expect(try end() == 7)
    try folder.write(
      "config.json", Array(text.replacing(#""eos_token_id": \#(last)"#, with: #""eos_token_id": 99999"#).utf8)
    )
    #expect(throws: ModelFolderError.noEndOfSequence(folder: folder.path)) { try end() }
  }

  @Test func saysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    try shape.write(to: folder("a"), seed: 3)
    let whole = try TextModel(path: folder("a"))
    let names = ["config.json", "tokenizer.json", "model.safetensors"]
    for name in names {
      for other in names where other != name { try copy(other, in: folder) }
      #expect(throws: (any Error).self) { try TextModel(path: folder("b")) }
      try empty(folder)
    }
    for name in names { try copy(name, in: folder) }
    let text = String(decoding: try folder.read("b/config.json"), as: UTF8.self)
    // More tokens than rows: the tokenizer of another model.
    try TinyModel().write(to: folder("c"), seed: 3)
    try folder.write("b/tokenizer.json", folder.read("c/tokenizer.json"))
    let size = try TextModel(path: folder("c")).tokenizer.vocabularySize
    let rows = whole.stored.config.vocabulary
    #expect(throws: ModelFolderError.vocabulary(folder: folder("b"), tokenizer: size, model: rows)) {
      try TextModel(path: folder("b"))
    }
    try copy("tokenizer.json", in: folder)
    // A weight of another shape is found before any is read.
    try folder.write(
      "b/config.json",
      Array(text.replacing(#""intermediate_size": 24"#, with: #""intermediate_size": 28"#).utf8))
    let failure = #expect(throws: SafetensorsError.self) {
      try TextModel(path: folder("b"))
    }
    #expect(failure?.description.contains("mlp") == true)
  }

  private func copy(_ name: String, in folder: TemporaryFolder) throws {
    try makeFolder(folder("b"))
    try folder.write("b/" + name, folder.read("a/" + name))
  }

  private func empty(_ folder: TemporaryFolder) throws {
    try folder.remove("b")
  }

  /// Merges learned from texts give the tokens of their training texts in few symbols, and no token twice.
  @Test func learnsMerges() {
    let learned = MergeLearner.learn(from: ["aaaa abab", "abab abab abab"], count: 50)
    #expect(Set(learned.tokens).count == learned.tokens.count)
    #expect(learned.tokens.contains(Array(" abab".utf8)))
    #expect(learned.merges.count <= 50)
    #expect(
      learned.merges.first.map { [learned.tokens[$0.left], learned.tokens[$0.right]] } == [[97], [98]])
  }
}
