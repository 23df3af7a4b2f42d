import Records

extension GGUFTokenizer {
  /// The tokenizer of a Hugging Face folder as GGUF holds it: byte-level BPE whose way of cutting llama.cpp has a name for,
  /// or SentencePiece.
  ///
  /// Throws `ModelConversionError.tokenizer`, `TokenizerError`, `ModelFolderError`, `FileFailure`.
  init(folder: String, configuration: JSONValue, vocabulary: Int) throws {
    let path = folder + "/tokenizer.json"
    let settings = try TokenizerSettings(folder: folder, configuration: configuration)
    guard fileExists(path) else {
      try self.init(
        pieceFile: folder + "/tokenizer.model", folder: folder, settings, vocabulary: vocabulary)
      return
    }
    let value = try JSON.parse(try InputFile.contents(of: path, limit: Tokenizer.longestFile))
    let tokenizer = try Tokenizer(json: value, path: path)
    try Self.checkCount(tokenizer.vocabularySize, folder: folder, vocabulary)
    if case .characters = tokenizer.model.alphabet {
      try self.init(pieces: value, tokenizer, path: path, settings, vocabulary: vocabulary)
      return
    }
    guard let pre = Self.pre(tokenizer) else {
      throw ModelConversionError.tokenizer(
        path: path, reason: "cuts texts in a way that llama.cpp has no name for")
    }
    let table = Self.table(value, count: vocabulary)
    self.init(
      model: "gpt2", pre: pre, tokens: table.tokens, types: table.types, merges: Self.merges(value),
      ids: settings.ids { tokenizer.id(of: $0).map { Int($0) } },
      addsBeginning: !tokenizer.frame.before.isEmpty,
      addsEnd: !tokenizer.frame.after.isEmpty, chatTemplate: settings.chatTemplate)
  }

  /// The name that llama.cpp gives the tokenizer's way of cutting. Source: `llama-vocab.cpp`.
  private static func pre(_ tokenizer: Tokenizer) -> String? {
    guard tokenizer.normalizer.isIdentity, case .bytes = tokenizer.model.alphabet else { return nil }
    switch (tokenizer.preTokenizer.steps, tokenizer.model.looksUpWholePieces) {
    case ([.split(.gpt2)], false): return "gpt-2"
    case ([.digits(individually: true), .split(.gpt2)], false): return "smollm"
    case ([.split(.llama3(digits: 3))], true): return "llama-bpe"
    default: return nil
    }
  }

  /// Tokens and kinds by id. Ids that no token has get a name of their own, as llama.cpp's converter gives them: it wants
  /// as many tokens as the embedding has rows.
  static func table(_ value: JSONValue, count: Int) -> (tokens: [[UInt8]], types: [Int32]) {
    var tokens = (0..<count).map { Array("[PAD\($0)]".utf8) }
    var types = [Int32](repeating: Kind.unused.rawValue, count: count)
    for member in value["model"]?["vocab"]?.object ?? [] {
      guard let id = member.value.int, tokens.indices.contains(id) else { continue }
      tokens[id] = Array(member.name.utf8)
      types[id] = Kind.normal.rawValue
    }
    for item in value["added_tokens"]?.array ?? [] {
      guard let id = item["id"]?.int, tokens.indices.contains(id), let text = item["content"]?.string else {
        continue
      }
      tokens[id] = Array(text.utf8)
      types[id] = (item["special"]?.bool == true ? Kind.control : Kind.userDefined).rawValue
    }
    return (tokens, types)
  }

  private static func merges(_ value: JSONValue) -> [[UInt8]] {
    (value["model"]?["merges"]?.array ?? []).compactMap { item in
      if let pair = item.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string {
        return Array("\(left) \(right)".utf8)
      }
      guard let line = item.string, !line.hasPrefix("#version") else { return nil }
      return Array(line.utf8)
    }
  }
}

/// What tokenizer_config.json, special_tokens_map.json and config.json say beside the tokens themselves.
struct TokenizerSettings {
  /// The chat template, from its own file or the configuration.
  let chatTemplate: String?
  private let files: [ConfigurationFile]
  private let configuration: JSONValue

  init(folder: String, configuration: JSONValue) throws {
    files = try ["tokenizer_config.json", "special_tokens_map.json"].compactMap {
      try ConfigurationFile.ifPresent(path: folder + "/" + $0)
    }
    self.configuration = configuration
    let template = folder + "/chat_template.jinja"
    if fileExists(template) {
      chatTemplate = String(decoding: try InputFile.contents(of: template, limit: 1 << 20), as: UTF8.self)
    } else {
      chatTemplate = files.lazy.compactMap { $0["chat_template"]?.string }.first
    }
  }

  /// The ids of the tokens with a part of their own, under the names that GGUF's keys have.
  func ids(_ id: (String) -> Int?) -> [String: Int] {
    var ids: [String: Int] = [:]
    for (name, key) in [
      ("bos", "bos_token"), ("eos", "eos_token"), ("unknown", "unk_token"), ("padding", "pad_token"),
    ] {
      let text = files.lazy.compactMap { $0[key]?.string ?? $0[key + ".content"]?.string }.first
      let declared = configuration[key + "_id"]
      ids[name] = text.flatMap(id) ?? declared?.int ?? declared?.array?.first?.int
    }
    return ids
  }
}
