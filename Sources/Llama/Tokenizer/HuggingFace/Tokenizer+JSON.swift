public import Records

extension Tokenizer {
  /// Longest tokenizer file accepted (bytes); Llama 3's tokenizer.json has 17 MB.
  public static let longestFile = 256 << 20

  /// Reads a tokenizer.json. Throws `TokenizerError`, `FileFailure`.
  public init(jsonPath path: String) throws {
    let bytes = try InputFile.contents(of: path, limit: Self.longestFile)
    let value: JSONValue
    do {
      value = try JSON.parse(bytes)
    } catch {
      throw TokenizerError.malformed(path: path, member: "the file", reason: "is not valid JSON: \(error)")
    }
    try self.init(json: value, path: path)
  }

  /// Reads the value of a tokenizer.json; `path` is for messages. Throws `TokenizerError`.
  ///
  /// Source: the serialised form of Hugging Face tokenizers. `truncation` and `padding` are left to the caller, as
  /// transformers does. Any other part that would change the tokens is either followed or refused.
  public init(json: JSONValue, path: String) throws {
    let file = try TokenizerMembers(json, place: "", path: path)
    guard let members = try file.object("model") else { throw file.malformed("model", "is missing") }
    let normalizer = try TextNormalizer(try file.object("normalizer"))
    let (preTokenizer, isByteLevel) = try PreTokenizer.read(try file.object("pre_tokenizer"))
    let table = try Self.table(members, added: try file.objects("added_tokens"))
    let model = try BytePairModel(members, table: table, isByteLevel: isByteLevel)
    let decoding = try TokenDecoder.Description(try file.object("decoder"))
    // The reference looks in the normal form of a text for the normal form of a token, and decodes it to that.
    let normalized = table.added.filter(\.isNormalized).map { token in
      var token = token
      let content = Array(token.content.utf8).withUnsafeBufferPointer { normalizer.apply($0) }
      token.content = String(decoding: content, as: UTF8.self)
      return token
    }
    var texts = table.texts.map { Array(($0 ?? "").utf8) }
    for token in normalized { texts[Int(token.id)] = Array(token.content.utf8) }
    let frame = try SpecialTokenFrame(try file.object("post_processor"))
    if let stranger = (frame.before + frame.after).first(where: { $0 >= model.vocabulary.count }) {
      throw file.malformed("post_processor", "frames texts by the token \(stranger), which there is not")
    }
    self.init(
      normalizer: normalizer, preTokenizer: preTokenizer, model: model,
      decoder: TokenDecoder(decoding, texts: texts),
      frame: frame,
      rawFinder: AddedTokenFinder(table.added.filter { !$0.isNormalized }),
      normalizedFinder: AddedTokenFinder(normalized), ids: table.ids,
      specialIDs: Set(table.added.filter(\.isSpecial).map(\.id)))
  }

  private static func table(_ model: TokenizerMembers, added: [TokenizerMembers]) throws -> TokenTable {
    // Files older than tokenizers 0.9 have no type; BPE is recognised by its merges.
    let type = try model.optionalString("type") ?? "BPE"
    guard type == "BPE" else { throw model.unsupported("type", "\"\(type)\"") }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = try model.optionalString(key), !text.isEmpty {
        throw model.unsupported(key, "\"\(text)\"")
      }
    }
    if let dropout = model["dropout"], dropout != .number(0) {
      throw model.unsupported("dropout", "a random dropout")
    }
    return try TokenTable(model: model, added: added)
  }
}

extension BytePairModel {
  /// Reads `model` of a tokenizer.json.
  init(_ model: TokenizerMembers, table: TokenTable, isByteLevel: Bool) throws {
    vocabulary = table.vocabulary(isByteLevel: isByteLevel)
    merges = MergeTable(try MergeList.read(model, ids: table.modelIDs))
    let fallsBack = try model.bool("byte_fallback", default: false)
    if isByteLevel {
      // Every piece is made of the byte alphabet's characters, so a byte token would stand for one of those.
      if fallsBack { throw model.unsupported("byte_fallback", "true beside ByteLevel") }
      alphabet = .bytes(ByteAlphabet.scalars.map { table.modelIDs[TokenText(String($0))] ?? -1 })
    } else {
      alphabet = .characters(
        CharacterAlphabet(vocabulary: vocabulary, byteFallback: fallsBack ? table.byteTokens : nil))
    }
    if let text = try model.optionalString("unk_token") {
      guard let id = table.modelIDs[TokenText(text)] else {
        throw model.malformed("unk_token", "is \"\(text)\", which is no token of the model")
      }
      unknown = UnknownToken(id: id, fuses: try model.bool("fuse_unk", default: false))
    } else {
      unknown = nil
    }
    looksUpWholePieces = try model.bool("ignore_merges", default: false)
  }
}

extension TokenDecoder {
  /// A decoder of tokens with these texts as the file says.
  init(_ description: Description, texts: [[UInt8]]) {
    var strings = ByteStrings()
    var byteTokens: [Int32] = []
    for (id, text) in texts.enumerated() {
      var text = text
      for (pattern, content) in description.replacements {
        var replaced: [UInt8] = []
        text.withUnsafeBufferPointer { TextNormalizer.replace(pattern, with: content, in: $0, to: &replaced) }
        text = replaced
      }
      if description.isByteLevel {
        text = ByteAlphabet.decode(String(decoding: text, as: UTF8.self)) ?? text
      } else if description.hasByteTokens, let byte = ByteToken.byte(of: text) {
        text = [byte]
        byteTokens.append(Int32(id))
      }
      strings.append(text)
    }
    self.init(form: description.form, texts: strings, byteTokens: byteTokens.isEmpty ? nil : byteTokens)
  }
}
