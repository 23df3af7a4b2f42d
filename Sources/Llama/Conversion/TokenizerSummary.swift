import Records

/// What kind of tokenizer a model comes with.
public struct TokenizerSummary: Sendable, Equatable {
  /// In words, such as `byte-level BPE`.
  public var kind: String
  /// Number of tokens, where the file says so.
  public var tokens: Int?
  /// What llama.cpp calls its way of cutting texts, where the file says so.
  public var pre: String?

  /// Looks at the tokenizer of a model without making it; nil when there is none.
  ///
  /// Throws `GGUFError`, `ModelFolderError`, `FileFailure`.
  public init?(_ model: StoredModel) throws {
    switch model.source {
    case .gguf(let file):
      guard let tokenizer = try GGUFTokenizer(file.header, path: file.path) else { return nil }
      let kinds = ["gpt2": "byte-level BPE", "llama": "SentencePiece BPE"]
      self.init(
        kind: kinds[tokenizer.model] ?? tokenizer.model, tokens: tokenizer.tokens.count, pre: tokenizer.pre)
    case .folder: try self.init(folder: model.path)
    }
  }

  private init(kind: String, tokens: Int? = nil, pre: String? = nil) {
    self.kind = kind
    self.tokens = tokens
    self.pre = pre
  }

  private init?(folder: String) throws {
    let path = folder + "/tokenizer.json"
    guard fileExists(path) else {
      guard fileExists(folder + "/tokenizer.model") else { return nil }
      self.init(kind: "SentencePiece")
      return
    }
    let value: JSONValue
    do {
      value = try JSON.parse(try InputFile.contents(of: path, limit: Tokenizer.longestFile))
    } catch let failure as JSONFailure {
      throw ModelFolderError.malformed(path: path, reason: "is not valid JSON: \(failure)")
    }
    let model = value["model"]
    let type = model?["type"]?.string ?? "BPE"
    let fallsBack = model?["byte_fallback"]?.bool == true
    let vocabulary = Set((model?["vocab"]?.object ?? []).map { Array($0.name.utf8) })
    let added = Set(
      (value["added_tokens"]?.array ?? []).compactMap { $0["content"]?.string.map { Array($0.utf8) } })
    self.init(
      kind: type == "BPE" ? (fallsBack ? "SentencePiece BPE" : "byte-level BPE") : type,
      tokens: vocabulary.union(added).count)
  }
}
