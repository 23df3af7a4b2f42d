import Records

/// The tokenizer of a GGUF file as files that transformers reads: byte-level BPE with a way of cutting that is known, or
/// SentencePiece's pieces.
struct TokenizerFiles {
  let tokenizer: GGUFTokenizer
  let path: String
  let maxPositions: Int

  init(_ tokenizer: GGUFTokenizer, path: String, maxPositions: Int) {
    self.tokenizer = tokenizer
    self.path = path
    self.maxPositions = maxPositions
  }

  /// tokenizer.json and tokenizer_config.json. Throws `ModelConversionError.tokenizer`.
  func files() throws -> [(name: String, bytes: [UInt8])] {
    let texts = try texts()
    guard ["gpt2", "llama"].contains(tokenizer.model) else {
      throw refuse("is of the kind \"\(tokenizer.model)\"")
    }
    return [
      ("tokenizer.json", ConfigurationText.encode(try json(texts))),
      ("tokenizer_config.json", ConfigurationText.encode(configuration(texts))),
    ]
  }

  func refuse(_ reason: String) -> ModelConversionError { .tokenizer(path: path, reason: reason) }

  /// The tokens as text, without the names at the end that only fill the embedding.
  private func texts() throws -> [String] {
    var texts = try tokenizer.tokens.enumerated().map { id, bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw refuse("has token \(id), which is not UTF-8")
      }
      return text
    }
    while let last = texts.indices.last, kind(last) == .unused, !tokenizer.ids.values.contains(last) {
      texts.removeLast()
    }
    guard Set(texts.map { Array($0.utf8) }).count == texts.count else { throw refuse("has two equal tokens") }
    return texts
  }

  func kind(_ id: Int) -> GGUFTokenizer.Kind {
    tokenizer.types.flatMap { GGUFTokenizer.Kind(rawValue: $0[id]) } ?? .normal
  }

  private func json(_ texts: [String]) throws -> JSONValue {
    let added = texts.indices.filter {
      kind($0) == .control || kind($0) == .userDefined || kind($0) == .unknown
    }
    let parts = try tokenizer.model == "llama" ? pieceParts(texts) : byteLevelParts(texts)
    return .object([
      JSONMember("version", .string("1.0")), JSONMember("truncation", .null), JSONMember("padding", .null),
      JSONMember(
        "added_tokens",
        .array(added.map { Self.added(texts[$0], id: $0, isSpecial: kind($0) != .userDefined) })),
      JSONMember("normalizer", parts.normalizer), JSONMember("pre_tokenizer", parts.preTokenizer),
      JSONMember("post_processor", try postProcessor(texts) ?? parts.postProcessor),
      JSONMember("decoder", parts.decoder), JSONMember("model", parts.model),
    ])
  }

  /// What differs between the kinds of tokenizers.
  struct Parts {
    var normalizer = JSONValue.null
    var preTokenizer = JSONValue.null
    var postProcessor = JSONValue.null
    var decoder: JSONValue
    var model: JSONValue
  }

  private func byteLevelParts(_ texts: [String]) throws -> Parts {
    let byteLevel = Self.byteLevel(usesPattern: true)
    let model = Self.model(
      texts, merges: try merges(), unknown: nil, fallsBackToBytes: false,
      looksUpWholePieces: tokenizer.pre == "llama-bpe")
    return Parts(preTokenizer: try preTokenizer(), postProcessor: byteLevel, decoder: byteLevel, model: model)
  }

  /// `model` of a tokenizer.json.
  static func model(
    _ texts: [String], merges: [JSONValue], unknown: String?, fallsBackToBytes: Bool, looksUpWholePieces: Bool
  ) -> JSONValue {
    .object([
      JSONMember("type", .string("BPE")), JSONMember("dropout", .null),
      JSONMember("unk_token", unknown.map { .string($0) } ?? .null),
      JSONMember("continuing_subword_prefix", .null), JSONMember("end_of_word_suffix", .null),
      JSONMember("fuse_unk", .bool(unknown != nil)), JSONMember("byte_fallback", .bool(fallsBackToBytes)),
      JSONMember("ignore_merges", .bool(looksUpWholePieces)),
      JSONMember("vocab", .object(texts.enumerated().map { JSONMember($0.element, .integer($0.offset)) })),
      JSONMember("merges", .array(merges)),
    ])
  }

  private func merges() throws -> [JSONValue] {
    try (tokenizer.merges ?? []).enumerated().map { index, bytes in
      let parts = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        .map { String(validating: $0, as: UTF8.self) }
      guard parts.count == 2, let left = parts[0], let right = parts[1] else {
        throw refuse("has merge \(index), which is not two tokens and a space")
      }
      return .array([.string(left), .string(right)])
    }
  }

  /// Source: `llama-vocab.cpp` for what the names mean.
  private func preTokenizer() throws -> JSONValue {
    func sequence(_ parts: [JSONValue]) -> JSONValue {
      .object([JSONMember("type", .string("Sequence")), JSONMember("pretokenizers", .array(parts))])
    }
    switch tokenizer.pre {
    case "gpt-2": return Self.byteLevel(usesPattern: true)
    case "smollm":
      return sequence([
        .object([JSONMember("type", .string("Digits")), JSONMember("individual_digits", .bool(true))]),
        Self.byteLevel(usesPattern: true),
      ])
    case "llama-bpe":
      return sequence([
        .object([
          JSONMember("type", .string("Split")),
          JSONMember("pattern", .object([JSONMember("Regex", .string(SplitPattern.llama3(digits: 3).text))])),
          JSONMember("behavior", .string("Isolated")), JSONMember("invert", .bool(false)),
        ]), Self.byteLevel(usesPattern: false),
      ])
    case let other?: throw refuse("cuts texts as \"\(other)\"")
    case nil: throw refuse("does not say how it cuts texts (\"tokenizer.ggml.pre\")")
    }
  }

  /// Frames texts when the file says so; llama.cpp also does when LLaMA 3's file says nothing.
  private func postProcessor(_ texts: [String]) throws -> JSONValue? {
    let begins = tokenizer.addsBeginning ?? (tokenizer.pre == "llama-bpe" || tokenizer.model == "llama")
    let ends = tokenizer.addsEnd ?? false
    guard begins || ends else { return nil }
    var (single, tokens): ([JSONValue], [JSONMember]) = ([], [])
    func token(_ name: String) throws -> JSONValue {
      guard let id = tokenizer.ids[name], texts.indices.contains(id) else {
        throw refuse("has no \(name) token to add")
      }
      tokens.append(
        JSONMember(
          texts[id],
          .object([
            JSONMember("id", .string(texts[id])), JSONMember("ids", .array([.integer(id)])),
            JSONMember("tokens", .array([.string(texts[id])])),
          ])))
      return .object([
        JSONMember(
          "SpecialToken", .object([JSONMember("id", .string(texts[id])), JSONMember("type_id", .integer(0))]))
      ])
    }
    func text(_ id: String) -> JSONValue {
      .object([
        JSONMember("Sequence", .object([JSONMember("id", .string(id)), JSONMember("type_id", .integer(0))]))
      ])
    }
    if begins { single.append(try token("bos")) }
    single.append(text("A"))
    if ends { single.append(try token("eos")) }
    if tokens.count == 2, tokens[0].name == tokens[1].name { tokens.removeLast() }
    return .object([
      JSONMember("type", .string("TemplateProcessing")), JSONMember("single", .array(single)),
      JSONMember("pair", .array(single + [text("B")])), JSONMember("special_tokens", .object(tokens)),
    ])
  }

  private func configuration(_ texts: [String]) -> JSONValue {
    var members = [
      JSONMember("tokenizer_class", .string("PreTrainedTokenizerFast")),
      JSONMember("clean_up_tokenization_spaces", .bool(false)),
      JSONMember("model_max_length", .integer(maxPositions)),
    ]
    for (key, name) in [
      ("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"), ("pad_token", "padding"),
    ] {
      guard let id = tokenizer.ids[name], texts.indices.contains(id) else { continue }
      members.append(JSONMember(key, .string(texts[id])))
    }
    if let template = tokenizer.chatTemplate {
      members.append(JSONMember("chat_template", .string(template)))
    }
    return .object(members)
  }

  private static func byteLevel(usesPattern: Bool) -> JSONValue {
    .object([
      JSONMember("type", .string("ByteLevel")), JSONMember("add_prefix_space", .bool(false)),
      JSONMember("trim_offsets", .bool(true)), JSONMember("use_regex", .bool(usesPattern)),
    ])
  }

  private static func added(_ text: String, id: Int, isSpecial: Bool) -> JSONValue {
    .object([
      JSONMember("id", .integer(id)), JSONMember("content", .string(text)),
      JSONMember("single_word", .bool(false)),
      JSONMember("lstrip", .bool(false)), JSONMember("rstrip", .bool(false)),
      JSONMember("normalized", .bool(!isSpecial)), JSONMember("special", .bool(isSpecial)),
    ])
  }
}
