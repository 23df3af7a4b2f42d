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
  public let tokenizer: BytePairTokenizer
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
    tokenizer = try BytePairTokenizer(path: path + "/tokenizer.json")
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
  public func loadModel(
    threads: Int, path: ComputePath = .best, precision: Precision = .f32, adapter: AdapterConfig? = nil
  ) throws -> LlamaModel {
    try LlamaModel(
      config: config, weights: weights, threads: threads, path: path, precision: precision, adapter: adapter)
  }

  /// The tokenizer's own `eos_token` first, as the reference recipes use it; then the ids that the model declares.
  private static func endOfSequence(
    folder: String, config: ConfigurationFile, tokenizer: BytePairTokenizer
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
