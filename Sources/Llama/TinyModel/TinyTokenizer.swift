import Records

/// A small byte-level tokenizer with merges learned on the spot.
enum TinyTokenizer {
  /// Ends answers; also the padding.
  static let endOfSequence = "<|end|>"
  /// Begins a turn in chat templates.
  static let start = "<|start|>"

  /// The value of its tokenizer.json, and the number of its tokens.
  static func make(texts: [String], merges count: Int) -> (json: JSONValue, tokens: Int) {
    let learned = MergeLearner.learn(from: texts, count: count)
    let tokens = learned.tokens.map { ByteAlphabet.encode($0) }
    let pairs = learned.merges.map { JSONValue.array([.string(tokens[$0.left]), .string(tokens[$0.right])]) }
    let added = [start, endOfSequence].enumerated().map { special($0.element, id: tokens.count + $0.offset) }
    let vocabulary = tokens.enumerated().map { JSONMember($0.element, .number(Double($0.offset))) }
    let byteLevel = JSONValue.object([
      JSONMember("type", .string("ByteLevel")), JSONMember("add_prefix_space", .bool(false)),
      JSONMember("trim_offsets", .bool(true)), JSONMember("use_regex", .bool(true)),
    ])
    let model = JSONValue.object([
      JSONMember("type", .string("BPE")), JSONMember("dropout", .null), JSONMember("unk_token", .null),
      JSONMember("continuing_subword_prefix", .null), JSONMember("end_of_word_suffix", .null),
      JSONMember("fuse_unk", .bool(false)), JSONMember("byte_fallback", .bool(false)),
      JSONMember("ignore_merges", .bool(false)), JSONMember("vocab", .object(vocabulary)),
      JSONMember("merges", .array(pairs)),
    ])
    let json = JSONValue.object([
      JSONMember("version", .string("1.0")), JSONMember("truncation", .null), JSONMember("padding", .null),
      JSONMember("added_tokens", .array(added)), JSONMember("normalizer", .null),
      JSONMember("pre_tokenizer", byteLevel), JSONMember("post_processor", byteLevel),
      JSONMember("decoder", byteLevel), JSONMember("model", model),
    ])
    return (json, tokens.count + added.count)
  }

  /// The value of its tokenizer_config.json.
  static func configuration(maxPositions: Int) -> JSONValue {
    .object([
      JSONMember("tokenizer_class", .string("PreTrainedTokenizerFast")),
      JSONMember("eos_token", .string(endOfSequence)), JSONMember("pad_token", .string(endOfSequence)),
      JSONMember("clean_up_tokenization_spaces", .bool(false)),
      JSONMember("model_max_length", .number(Double(maxPositions))),
    ])
  }

  private static func special(_ text: String, id: Int) -> JSONValue {
    .object([
      JSONMember("id", .number(Double(id))), JSONMember("content", .string(text)),
      JSONMember("single_word", .bool(false)), JSONMember("lstrip", .bool(false)),
      JSONMember("rstrip", .bool(false)), JSONMember("normalized", .bool(false)),
      JSONMember("special", .bool(true)),
    ])
  }
}
