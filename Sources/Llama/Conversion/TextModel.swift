import Records

/// A model on disk in either format, with what turns texts into its tokens and back.
///
/// Training and sampling both begin here, so that a folder and a GGUF file mean the same to them.
public struct TextModel: Sendable {
  /// Numbers and weights, the latter not read yet.
  public let stored: StoredModel
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// How the model itself says that conversations are written.
  public let chatTemplate: ChatTemplateChoice
  /// The token that ends an answer.
  public let endOfSequence: Int32
  /// Every token after which the model has nothing more to say; `endOfSequence` is the first.
  public let endTokens: [Int32]

  /// Opens a Hugging Face folder or a GGUF file and checks that its parts fit together; reads no weights yet.
  ///
  /// Throws `ModelFolderError`, `GGUFError`, `SafetensorsError`, `TokenizerError`, `LlamaModelError`, `FileFailure`.
  public init(path: String) throws {
    let stored = try StoredModel(path: path)
    self.stored = stored
    switch stored.source {
    case .folder(let configuration):
      let file = try ConfigurationFile(path: path + "/config.json", value: configuration)
      tokenizer = try ModelFolder.tokenizer(folder: path)
      endOfSequence = try ModelFolder.endOfSequence(folder: path, config: file, tokenizer: tokenizer)
      chatTemplate = try ChatTemplateChoice(folder: path)
      endTokens = try Self.endTokens(folder: path, config: file, tokenizer, first: endOfSequence)
    case .gguf(let file):
      guard let values = try GGUFTokenizer(file.header, path: path) else {
        throw GGUFError.key(
          path: path, key: "tokenizer.ggml.model", reason: "is missing: the file has no tokenizer")
      }
      tokenizer = try Tokenizer(gguf: GGUFVocabulary(values), path: path)
      guard let end = values.ids["eos"] else {
        throw GGUFError.key(path: path, key: "tokenizer.ggml.eos_token_id", reason: "is missing")
      }
      endOfSequence = Int32(end)
      chatTemplate = ChatTemplateChoice(source: values.chatTemplate)
      endTokens = Self.distinct([end] + ["eot", "eom"].compactMap { values.ids[$0] })
    }
    guard tokenizer.vocabularySize <= stored.config.vocabulary else {
      throw ModelFolderError.vocabulary(
        folder: path, tokenizer: tokenizer.vocabularySize, model: stored.config.vocabulary)
    }
  }

  /// `eos_token_id` of generation_config.json and config.json, a number or a list, as transformers' `generate` stops.
  private static func endTokens(
    folder: String, config: ConfigurationFile, _ tokenizer: Tokenizer, first: Int32
  ) throws -> [Int32] {
    var ids = [Int(first)]
    for file in [try ConfigurationFile.ifPresent(path: folder + "/generation_config.json"), config] {
      guard let file, let value = file["eos_token_id"] else { continue }
      for item in value.array ?? [value] {
        guard let id = item.int else {
          throw file.refuse("eos_token_id", "is neither a number nor a list of them")
        }
        if 0..<tokenizer.vocabularySize ~= id { ids.append(id) }
      }
    }
    return distinct(ids)
  }

  /// Makes the model and reads its weights. `threads` includes the caller's own.
  ///
  /// Throws `LlamaModelError`, and what the format throws.
  public func loadModel(
    threads: Int, path: ComputePath = .best, precision: Precision = .f32, adapter: AdapterConfig? = nil
  ) throws -> LlamaModel {
    try stored.loadModel(threads: threads, path: path, precision: precision, adapter: adapter)
  }

  /// Writes a model that was made of this one as a folder that transformers loads: this one's tokenizer and numbers, the
  /// weights as float32.
  ///
  /// Throws as `ModelConversion.writeFolder`.
  public func write(_ model: LlamaModel, to folder: String) throws {
    try ModelConversion(stored, to: .f32).writeFolder(folder, weightsOf: model)
  }

  private static func distinct(_ ids: [Int]) -> [Int32] {
    var seen: Set<Int> = []
    return ids.filter { seen.insert($0).inserted }.map { Int32($0) }
  }
}

extension GGUFVocabulary {
  /// The tokenizer's values as they stand in a file.
  public init(_ file: GGUFTokenizer) {
    self.init(
      model: file.model, preTokenizer: file.pre, tokens: file.tokens, scores: file.scores, types: file.types,
      merges: file.merges ?? [], beginningOfSequence: file.ids["bos"], endOfSequence: file.ids["eos"],
      unknown: file.ids["unknown"], addsBOS: file.addsBeginning, addsEOS: file.addsEnd,
      addsSpacePrefix: file.addsSpacePrefix)
  }
}
