/// The tokenizer inside a GGUF file, as plain values: what it does with them is the tokenizer's part.
///
/// Source: the keys `tokenizer.*` in the specification of GGUF and `constants.py` of the `gguf` package.
public struct GGUFTokenizer: Sendable, Equatable {
  /// `tokenizer.ggml.model`: `gpt2` for byte-level BPE, `llama` for SentencePiece.
  public var model: String
  /// `tokenizer.ggml.pre`: which pattern cuts a text before merging; nil where the file is older than the key.
  public var pre: String?
  /// The tokens by id. Byte-level ones are spelt in GPT-2's alphabet.
  public var tokens: [[UInt8]]
  /// SentencePiece's scores by id.
  public var scores: [Float]?
  /// The kinds of the tokens by id.
  public var types: [Int32]?
  /// Pairs in the order of their merging, with one space between.
  public var merges: [[UInt8]]?
  /// Ids with a part of their own, by the name in the key: `bos`, `eos`, `unknown`, `padding`, `eot`, …
  public var ids: [String: Int]
  /// `tokenizer.ggml.add_bos_token`.
  public var addsBeginning: Bool?
  /// `tokenizer.ggml.add_eos_token`.
  public var addsEnd: Bool?
  /// `tokenizer.ggml.add_space_prefix`.
  public var addsSpacePrefix: Bool?
  /// `tokenizer.chat_template`, a Jinja text.
  public var chatTemplate: String?

  /// A tokenizer of these values.
  public init(
    model: String, pre: String? = nil, tokens: [[UInt8]], scores: [Float]? = nil, types: [Int32]? = nil,
    merges: [[UInt8]]? = nil, ids: [String: Int] = [:], addsBeginning: Bool? = nil, addsEnd: Bool? = nil,
    addsSpacePrefix: Bool? = nil, chatTemplate: String? = nil
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.scores = scores
    self.types = types
    self.merges = merges
    self.ids = ids
    self.addsBeginning = addsBeginning
    self.addsEnd = addsEnd
    self.addsSpacePrefix = addsSpacePrefix
    self.chatTemplate = chatTemplate
  }

  /// Most tokens, as many as a model may have rows in its embedding. A list of short strings takes several times its
  /// bytes in the file.
  static let mostTokens = 1 << 20
  /// Most merges.
  static let mostMerges = 1 << 21

  /// The kind of a token. Source: `TokenType` of the `gguf` package.
  public enum Kind: Int32, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }
}

extension GGUFTokenizer {
  private static let keys = (
    prefix: "tokenizer.ggml.", model: "tokenizer.ggml.model", pre: "tokenizer.ggml.pre",
    tokens: "tokenizer.ggml.tokens", scores: "tokenizer.ggml.scores", types: "tokenizer.ggml.token_type",
    merges: "tokenizer.ggml.merges", bos: "tokenizer.ggml.add_bos_token", eos: "tokenizer.ggml.add_eos_token",
    space: "tokenizer.ggml.add_space_prefix", template: "tokenizer.chat_template", id: "_token_id"
  )

  /// Reads the tokenizer; nil when the file has none. Throws `GGUFError.key`.
  public init?(_ header: GGUFHeader, path: String) throws {
    guard let value = header[Self.keys.model] else { return nil }
    func refuse(_ key: String, _ reason: String) -> GGUFError { .key(path: path, key: key, reason: reason) }
    func text(_ key: String) throws -> String? {
      guard let value = header[key] else { return nil }
      guard let text = value.text else { throw refuse(key, "is not text") }
      return text
    }
    func flag(_ key: String) throws -> Bool? {
      guard let value = header[key] else { return nil }
      guard let flag = value.bool else { throw refuse(key, "is not true or false") }
      return flag
    }
    func list<Element>(_ key: String, _ kind: String, _ take: (GGUFArray) -> [Element]?) throws -> [Element]?
    {
      guard let value = header[key] else { return nil }
      guard let list = value.array.flatMap(take) else { throw refuse(key, "is not a list of \(kind)") }
      return list
    }
    func checkLength(_ key: String, _ most: Int) throws {
      guard let count = header[key]?.array?.count, count > most else { return }
      throw refuse(key, "has \(count) entries; at most \(most) are accepted")
    }
    try checkLength(Self.keys.tokens, Self.mostTokens)
    try checkLength(Self.keys.merges, Self.mostMerges)
    guard let model = value.text else { throw refuse(Self.keys.model, "is not text") }
    guard let tokens = try list(Self.keys.tokens, "strings", \.strings) else {
      throw refuse(Self.keys.tokens, "is missing")
    }
    var ids: [String: Int] = [:]
    for entry in header.metadata
    where entry.key.hasPrefix(Self.keys.prefix) && entry.key.hasSuffix(Self.keys.id) {
      guard let id = entry.value.int, tokens.indices.contains(id) else {
        throw refuse(entry.key, "is not the id of one of the \(tokens.count) tokens")
      }
      ids[String(entry.key.dropFirst(Self.keys.prefix.count).dropLast(Self.keys.id.count))] = id
    }
    let (scores, types) = (
      try list(Self.keys.scores, "numbers", \.floats), try list(Self.keys.types, "whole numbers", \.int32s)
    )
    for (key, count) in [(Self.keys.scores, scores?.count), (Self.keys.types, types?.count)] {
      if let count, count != tokens.count {
        throw refuse(key, "has \(count) entries for \(tokens.count) tokens")
      }
    }
    self.init(
      model: model, pre: try text(Self.keys.pre), tokens: tokens, scores: scores, types: types,
      merges: try list(Self.keys.merges, "strings", \.strings), ids: ids,
      addsBeginning: try flag(Self.keys.bos), addsEnd: try flag(Self.keys.eos),
      addsSpacePrefix: try flag(Self.keys.space), chatTemplate: try text(Self.keys.template))
  }

  /// The entries that say all of this.
  public var metadata: [GGUFEntry] {
    var entries = [GGUFEntry(Self.keys.model, .text(model))]
    if let pre { entries.append(GGUFEntry(Self.keys.pre, .text(pre))) }
    entries.append(GGUFEntry(Self.keys.tokens, .array(GGUFArray(strings: tokens))))
    if let scores { entries.append(GGUFEntry(Self.keys.scores, .array(GGUFArray(floats: scores)))) }
    if let types { entries.append(GGUFEntry(Self.keys.types, .array(GGUFArray(int32s: types)))) }
    if let merges { entries.append(GGUFEntry(Self.keys.merges, .array(GGUFArray(strings: merges)))) }
    for (name, id) in ids.sorted(by: { $0.key < $1.key }) {
      entries.append(GGUFEntry(Self.keys.prefix + name + Self.keys.id, .uint32(UInt32(clamping: id))))
    }
    for (key, flag) in [
      (Self.keys.bos, addsBeginning), (Self.keys.eos, addsEnd), (Self.keys.space, addsSpacePrefix),
    ] {
      if let flag { entries.append(GGUFEntry(key, .bool(flag))) }
    }
    if let chatTemplate { entries.append(GGUFEntry(Self.keys.template, .text(chatTemplate))) }
    return entries
  }
}
