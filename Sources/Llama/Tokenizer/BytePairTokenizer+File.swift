public import Records

extension BytePairTokenizer {
  /// Longest tokenizer.json accepted (bytes); Llama 3's has 17 MB.
  public static let longestFile = 256 << 20

  /// Reads a tokenizer.json. Throws `TokenizerError`, `FileFailure`.
  public init(path: String) throws {
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
    guard let model = try file.object("model") else { throw file.malformed("model", "is missing") }
    // Files older than tokenizers 0.9 have no type; BPE is recognised by its merges.
    let type = try model.optionalString("type") ?? "BPE"
    guard type == "BPE" else { throw model.unsupported("type", "\"\(type)\"") }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = try model.optionalString(key), !text.isEmpty {
        throw model.unsupported(key, "\"\(text)\"")
      }
    }
    if try model.bool("byte_fallback", default: false) { throw model.unsupported("byte_fallback", "true") }
    if let dropout = model["dropout"], dropout != .number(0) {
      throw model.unsupported("dropout", "a random dropout")
    }

    let table = try TokenTable(model: model, added: try file.objects("added_tokens"))
    vocabulary = table.vocabulary
    merges = MergeTable(try Self.merges(model, ids: table.modelIDs))
    ids = table.ids
    specialIDs = Set(table.added.filter(\.isSpecial).map(\.id))
    byteTokens = ByteAlphabet.scalars.map { table.modelIDs[String($0)] ?? -1 }
    let fuses = try model.bool("fuse_unk", default: false)
    if let text = try model.optionalString("unk_token"), let id = table.modelIDs[text] {
      unknown = UnknownToken(id: id, fuses: fuses)
    } else {
      unknown = nil
    }
    looksUpWholePieces = try model.bool("ignore_merges", default: false)
    composes = try Self.composes(file)
    preTokenizer = try PreTokenizer(try file.object("pre_tokenizer"), in: file)
    rawFinder = AddedTokenFinder(table.added.filter { !$0.isNormalized })
    normalizedFinder = AddedTokenFinder(table.added.filter(\.isNormalized))
    frame = try SpecialTokenFrame(try file.object("post_processor"))
    joinsWithSpaces = try !Self.decodesBytes(file)
  }

  private static func merges(
    _ model: TokenizerMembers, ids: [String: Int32]
  ) throws -> [(left: Int32, right: Int32, merged: Int32)] {
    guard case .array(let items) = model["merges"] else { throw model.malformed("merges", "is not a list") }
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    merges.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      let left: Substring
      let right: Substring
      switch item {
      case .string(let line):
        if line.hasPrefix("#version") { continue }
        let parts = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
          throw model.malformed("merges[\(index)]", "is not two tokens and a space")
        }
        (left, right) = (Substring(parts[0]), Substring(parts[1]))
      case .array(let pair):
        guard pair.count == 2, case .string(let first) = pair[0], case .string(let second) = pair[1] else {
          throw model.malformed("merges[\(index)]", "is not a pair of tokens")
        }
        (left, right) = (first[...], second[...])
      default: throw model.malformed("merges[\(index)]", "is neither a string nor a pair of tokens")
      }
      func id(_ token: String) throws -> Int32 {
        guard let id = ids[token] else {
          throw model.malformed("merges[\(index)]", "needs \"\(token)\", which is no token")
        }
        return id
      }
      merges.append((try id(String(left)), try id(String(right)), try id(String(left + right))))
    }
    return merges
  }

  private static func composes(_ file: TokenizerMembers) throws -> Bool {
    guard let normalizer = try file.object("normalizer") else { return false }
    switch try normalizer.string("type") {
    case "NFC": return true
    case "Sequence":
      let parts = try normalizer.objects("normalizers").map { try $0.string("type") }
      guard parts.allSatisfy({ $0 == "NFC" }) else { throw normalizer.unsupported("normalizers", "\(parts)") }
      return !parts.isEmpty
    case let other: throw normalizer.unsupported("type", "\"\(other)\"")
    }
  }

  private static func decodesBytes(_ file: TokenizerMembers) throws -> Bool {
    guard let decoder = try file.object("decoder") else { return false }
    let type = try decoder.string("type")
    if type == "Sequence" {
      let parts = try decoder.objects("decoders").map { try $0.string("type") }
      guard parts == ["ByteLevel"] else { throw decoder.unsupported("decoders", "\(parts)") }
      return true
    }
    guard type == "ByteLevel" else { throw decoder.unsupported("type", "\"\(type)\"") }
    return true
  }
}
