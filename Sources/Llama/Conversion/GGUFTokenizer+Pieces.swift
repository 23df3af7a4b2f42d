import Records

/// SentencePiece-style tokenizers: llama.cpp merges whichever neighbours make the piece with the highest score.
extension GGUFTokenizer {
  /// What stands for an id that no piece has. Source: `_create_vocab_sentencepiece` of llama.cpp's converter.
  private static let leastScore: Float = -10_000

  /// The pieces of a tokenizer.model.
  ///
  /// Throws `ModelConversionError.tokenizer`, `TokenizerError`, `ModelFolderError`, `FileFailure`.
  init(pieceFile path: String, folder: String, _ settings: TokenizerSettings, vocabulary: Int) throws {
    // Refuses what SentencePiece can do and mdata does not.
    _ = try ModelFolder.tokenizer(folder: folder)
    let file = try SentencePieceFile(
      try InputFile.contents(of: path, limit: Tokenizer.longestFile), path: path)
    guard file.fallsBackToBytes else {
      throw ModelConversionError.tokenizer(
        path: path, reason: "does not fall back to bytes, as llama.cpp's do")
    }
    guard !file.removesExtraWhitespace else {
      throw ModelConversionError.tokenizer(
        path: path, reason: "drops spaces, for which llama.cpp has no form")
    }
    try Self.checkCount(file.pieces.count, folder: folder, vocabulary)
    let named = Dictionary(
      file.pieces.enumerated().map { (TokenText($0.element.text), $0.offset) },
      uniquingKeysWith: { first, _ in first })
    var ids = settings.ids { named[TokenText($0)] }
    // The names that every LLaMA has, where no file says any.
    ids["unknown"] = ids["unknown"] ?? file.pieces.firstIndex { $0.kind == .unknown }
    for (part, name) in [("bos", "<s>"), ("eos", "</s>")] where ids[part] == nil {
      ids[part] = named[TokenText(name)]
    }
    let config = try ConfigurationFile.ifPresent(path: folder + "/tokenizer_config.json")
    self.init(
      pieces: file.pieces, count: vocabulary, prefix: file.addsDummyPrefix, ids: ids,
      begins: try config?.bool("add_bos_token", default: true) ?? true,
      ends: try config?.bool("add_eos_token", default: false) ?? false, settings)
  }

  /// The pieces of a tokenizer.json whose BPE is over characters. Scores are the ranks of the merges that make a piece,
  /// which says the same only when every pair that makes it is among them, one after the other.
  ///
  /// Throws `ModelConversionError.tokenizer`.
  init(
    pieces value: JSONValue, _ tokenizer: Tokenizer, path: String, _ settings: TokenizerSettings,
    vocabulary: Int
  ) throws {
    func refuse(_ reason: String) -> ModelConversionError { .tokenizer(path: path, reason: reason) }
    guard case .characters(let alphabet) = tokenizer.model.alphabet, let bytes = alphabet.byteFallback,
      !bytes.contains(-1)
    else { throw refuse("does not fall back to bytes, as llama.cpp's do") }
    guard let prefix = Self.prefix(tokenizer), !tokenizer.model.looksUpWholePieces else {
      throw refuse("cuts texts in a way that llama.cpp has no name for")
    }
    var (tokens, types) = Self.table(value, count: vocabulary)
    let merges = try MergeList.read(
      try TokenizerMembers(value["model"] ?? .null, place: "model", path: path), ids: tokenizer.ids)
    var scores = [Float](repeating: Self.leastScore, count: vocabulary)
    for (rank, merge) in merges.enumerated().reversed() { scores[Int(merge.merged)] = -Float(rank) }
    for id in bytes where types[Int(id)] == Kind.normal.rawValue { types[Int(id)] = Kind.byte.rawValue }
    let unknown = value["model"]?["unk_token"]?.string.flatMap { tokenizer.id(of: $0) }
    if let unknown { types[Int(unknown)] = Kind.unknown.rawValue }

    let pieces = try tokenizer.ids.values.map { Int($0) }.sorted().map { id in
      guard let kind = SentencePieceVocabulary.Kind(rawValue: types[id]) else {
        throw refuse("has an odd token \(id)")
      }
      return (
        id,
        SentencePieceVocabulary.Piece(
          text: String(decoding: tokens[id], as: UTF8.self), score: scores[id], kind: kind)
      )
    }
    var list = SentencePieceVocabulary(
      pieces: [SentencePieceVocabulary.Piece](
        repeating: .init(text: "", score: Self.leastScore, kind: .unused), count: vocabulary)
    ) { $0 == .normal }
    for (id, piece) in pieces { list.pieces[id] = piece }
    guard Self.areSame(merges, list) else {
      throw refuse(
        "merges pairs in an order that scores of tokens cannot say, which is all that llama.cpp's form has")
    }
    self.init(
      pieces: list.pieces.indices.map {
        tokens.indices.contains($0) && list.pieces[$0].text.isEmpty
          ? .init(text: String(decoding: tokens[$0], as: UTF8.self), score: Self.leastScore, kind: .unused)
          : list.pieces[$0]
      },
      count: vocabulary, prefix: prefix,
      ids: settings.ids { tokenizer.id(of: $0).map { Int($0) } }.merging(
        unknown.map { ["unknown": Int($0)] } ?? [:]
      ) { stated, _ in stated },
      begins: !tokenizer.frame.before.isEmpty, ends: !tokenizer.frame.after.isEmpty, settings)
  }

  private init(
    pieces: [SentencePieceVocabulary.Piece], count: Int, prefix: Bool, ids: [String: Int], begins: Bool,
    ends: Bool,
    _ settings: TokenizerSettings
  ) {
    let padding = (pieces.count..<max(count, pieces.count)).map {
      SentencePieceVocabulary.Piece(text: "[PAD\($0)]", score: Self.leastScore, kind: .unused)
    }
    let all = pieces + padding
    self.init(
      model: "llama", pre: "default", tokens: all.map { Array($0.text.utf8) }, scores: all.map(\.score),
      types: all.map(\.kind.rawValue), ids: ids, addsBeginning: begins, addsEnd: ends,
      addsSpacePrefix: prefix,
      chatTemplate: settings.chatTemplate)
  }

  /// Whether a text gets a marker in front; nil when more is done to it, or less. A marker at the very first word alone
  /// counts as one: llama.cpp also puts it after special tokens and has no way to say otherwise, nor has its converter.
  private static func prefix(_ tokenizer: Tokenizer) -> Bool? {
    let marker = SpaceMarker.standard.bytes
    let replace = TextNormalizer.Step.replace([UInt8(ascii: " ")], with: marker)
    if tokenizer.preTokenizer.steps.isEmpty {
      let steps = tokenizer.normalizer.steps
      return steps == [.prepend(marker), replace] ? true : steps == [replace] ? false : nil
    }
    guard tokenizer.normalizer.steps.isEmpty, tokenizer.preTokenizer.steps.count == 1,
      case .metaspace(.standard, let prefix, cuts: false) = tokenizer.preTokenizer.steps[0]
    else { return nil }
    return prefix != .never
  }

  /// Whether the merges are all pairs that make pieces, and those of a piece follow each other.
  private static func areSame(
    _ merges: [(left: Int32, right: Int32, merged: Int32)], _ list: SentencePieceVocabulary
  ) -> Bool {
    let vocabulary = list.vocabulary
    let alphabet = CharacterAlphabet(
      vocabulary: vocabulary, byteFallback: nil, unlisted: list.unlistedCharacters(vocabulary))
    guard let pairs = list.merges(vocabulary, alphabet), pairs.count == merges.count else { return false }
    var seen: Set<Int32> = []
    var known: Set<SIMD2<Int32>> = []
    for (index, merge) in merges.enumerated() {
      known.insert(SIMD2(merge.left, merge.right))
      let isFirst = index == 0 || merges[index - 1].merged != merge.merged
      if isFirst, !seen.insert(merge.merged).inserted { return false }
    }
    return pairs.allSatisfy { known.contains(SIMD2($0.left, $0.right)) }
  }

  static func checkCount(_ count: Int, folder: String, _ vocabulary: Int) throws(ModelFolderError) {
    guard count <= vocabulary else {
      throw .vocabulary(folder: folder, tokenizer: count, model: vocabulary)
    }
  }
}
