import Records

/// What lies beside the weights of a model in the folder form of Hugging Face.
enum ModelFolder {
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
