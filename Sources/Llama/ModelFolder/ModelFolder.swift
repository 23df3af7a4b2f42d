public import Records

/// A LLaMA model in the folder form of Hugging Face: config.json, tokenizer files, safetensors.
public struct ModelFolder: Sendable {
  /// The folder's path.
  public let path: String
  /// The model's numbers.
  public let config: LlamaConfig
  /// config.json as it was read.
  public let configuration: JSONValue
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// The token that ends an answer.
  public let endOfSequence: Int32
  /// The weights, opened but not read.
  public let weights: ModelWeights

  /// Opens a folder and checks that its parts fit together; reads no weights yet.
  ///
  /// Throws `ModelFolderError`, `LlamaModelError.invalidConfig`, `TokenizerError`, `SafetensorsError`, `FileFailure`.
  public init(path: String) throws {
    self.path = path
    let file = try ConfigurationFile(path: path + "/config.json")
    configuration = file.value
    config = try LlamaConfig(json: file.value, path: file.path)
    guard fileExists(path + "/tokenizer.json") else {
      throw ModelFolderError.malformed(
        path: path + "/tokenizer.json",
        reason: fileExists(path + "/tokenizer.model")
          ? "there is only a SentencePiece tokenizer.model, which is not supported yet; byte-level BPE tokenizers are"
          : "is missing")
    }
    tokenizer = try Tokenizer(jsonPath: path + "/tokenizer.json")
    guard tokenizer.vocabularySize <= config.vocabulary else {
      throw ModelFolderError.vocabulary(
        folder: path, tokenizer: tokenizer.vocabularySize, model: config.vocabulary)
    }
    endOfSequence = try Self.endOfSequence(folder: path, config: file, tokenizer: tokenizer)
    weights = try ModelWeights(folder: path)
  }

  /// Makes the model and reads its weights. `threads` includes the caller's own.
  ///
  /// Throws `LlamaModelError`, `SafetensorsError`, `FileFailure`.
  public func loadModel(threads: Int, path: ComputePath = .best) throws -> LlamaModel {
    let model = try LlamaModel(config: config, threads: threads, path: path)
    for tensor in model.tensors {
      try model.fillWeight(tensor.name) { try weights.read(tensor.name, shape: tensor.shape, into: $0) }
    }
    return model
  }

  /// The tokenizer's own `eos_token` first, as the reference recipes use it; then the ids that the model declares.
  private static func endOfSequence(
    folder: String, config: ConfigurationFile, tokenizer: Tokenizer
  ) throws -> Int32 {
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      guard let file = try ConfigurationFile.ifPresent(path: folder + "/" + name) else { continue }
      guard let text = file["eos_token"]?.string ?? file["eos_token.content"]?.string else { continue }
      guard let id = tokenizer.id(of: text) else {
        throw file.refuse("eos_token", "is \"\(text)\", which tokenizer.json does not have")
      }
      return id
    }
    let declared = config["eos_token_id"]
    if let id = declared?.int ?? declared?.array?.first?.int, 0..<tokenizer.vocabularySize ~= id {
      return Int32(id)
    }
    throw ModelFolderError.noEndOfSequence(folder: folder)
  }
}

extension LlamaModel {
  /// Lends a weight to be written in place, so that reading a model needs no second copy of it.
  func fillWeight(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
    let tensor = try tensor(name)
    try body(
      UnsafeMutableBufferPointer(start: weights.base + tensor.range.lowerBound, count: tensor.range.count))
  }
}
