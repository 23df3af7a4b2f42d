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
  /// How the model's own configuration says that conversations are written.
  public let chatTemplate: ChatTemplateChoice
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
    tokenizer = try Self.tokenizer(folder: path)
    guard tokenizer.vocabularySize <= config.vocabulary else {
      throw ModelFolderError.vocabulary(
        folder: path, tokenizer: tokenizer.vocabularySize, model: config.vocabulary)
    }
    endOfSequence = try Self.endOfSequence(folder: path, config: file, tokenizer: tokenizer)
    chatTemplate = try ChatTemplateChoice(folder: path)
    weights = try ModelWeights(folder: path)
  }

  /// tokenizer.json, as transformers prefers it, or tokenizer.model.
  static func tokenizer(folder: String) throws -> Tokenizer {
    let json = folder + "/tokenizer.json"
    let model = folder + "/tokenizer.model"
    if fileExists(json) { return try Tokenizer(jsonPath: json) }
    guard fileExists(model) else {
      throw ModelFolderError.malformed(path: json, reason: "is missing, and there is no tokenizer.model")
    }
    // What the class LlamaTokenizer of transformers does when the configuration does not say.
    let file = try ConfigurationFile.ifPresent(path: folder + "/tokenizer_config.json")
    return try Tokenizer(
      sentencePiecePath: model, addsBOS: file?.bool("add_bos_token", default: true) ?? true,
      addsEOS: file?.bool("add_eos_token", default: false) ?? false)
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
  static func endOfSequence(
    folder: String, config: ConfigurationFile, tokenizer: Tokenizer
  ) throws -> Int32 {
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      guard let file = try ConfigurationFile.ifPresent(path: folder + "/" + name) else { continue }
      guard let text = file["eos_token"]?.string ?? file["eos_token.content"]?.string else { continue }
      guard let id = tokenizer.id(of: text) else {
        throw file.refuse("eos_token", "is \"\(text)\", which the tokenizer does not have")
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
