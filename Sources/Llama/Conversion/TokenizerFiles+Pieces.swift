import Records

extension TokenizerFiles {
  /// SentencePiece's pieces as a BPE over characters: every pair that makes a piece, in the order of the pieces' scores.
  /// Source: `tokenizer.json` as transformers makes it of Llama 2's tokenizer.model.
  func pieceParts(_ texts: [String]) throws -> Parts {
    let marker = String(decoding: SpaceMarker.standard.bytes, as: UTF8.self)
    func replace(_ from: String, _ to: String) -> JSONValue {
      .object([
        JSONMember("type", .string("Replace")),
        JSONMember("pattern", .object([JSONMember("String", .string(from))])),
        JSONMember("content", .string(to)),
      ])
    }
    func sequence(_ key: String, _ parts: [JSONValue]) -> JSONValue {
      .object([JSONMember("type", .string("Sequence")), JSONMember(key, .array(parts))])
    }
    func plain(_ type: String) -> JSONValue { .object([JSONMember("type", .string(type))]) }
    let hasPrefix = tokenizer.addsSpacePrefix ?? true
    let prepend = JSONValue.object([
      JSONMember("type", .string("Prepend")), JSONMember("prepend", .string(marker)),
    ])
    let strip = JSONValue.object([
      JSONMember("type", .string("Strip")), JSONMember("content", .string(" ")),
      JSONMember("start", .integer(1)),
      JSONMember("stop", .integer(0)),
    ])
    let unknown = tokenizer.ids["unknown"] ?? texts.indices.first { kind($0) == .unknown }
    return Parts(
      normalizer: sequence("normalizers", (hasPrefix ? [prepend] : []) + [replace(" ", marker)]),
      decoder: sequence(
        "decoders", [replace(marker, " "), plain("ByteFallback"), plain("Fuse")] + (hasPrefix ? [strip] : [])),
      model: Self.model(
        texts, merges: try pairs(texts),
        unknown: unknown.flatMap { texts.indices.contains($0) ? texts[$0] : nil },
        fallsBackToBytes: true, looksUpWholePieces: false))
  }

  private func pairs(_ texts: [String]) throws -> [JSONValue] {
    let pieces = texts.indices.map { id in
      SentencePieceVocabulary.Piece(
        text: texts[id], score: tokenizer.scores?[id] ?? 0,
        kind: SentencePieceVocabulary.Kind(rawValue: kind(id).rawValue) ?? .normal)
    }
    guard !pieces.contains(where: \.score.isNaN) else { throw refuse("has a score that is no number") }
    let list = SentencePieceVocabulary(pieces: pieces) { $0 != .byte }
    guard let bytes = list.byteTokens, !bytes.contains(-1) else {
      throw refuse("has not all 256 bytes, to which it falls back,")
    }
    let vocabulary = list.vocabulary
    let unlisted = list.unlistedCharacters(vocabulary)
    let alphabet = CharacterAlphabet(vocabulary: vocabulary, byteFallback: nil, unlisted: unlisted)
    guard let merges = list.merges(vocabulary, alphabet) else {
      throw refuse("has pieces that are too long to be merged")
    }
    guard merges.allSatisfy({ $0.left < texts.count && $0.right < texts.count }) else {
      throw refuse("merges characters that are no tokens")
    }
    guard !Self.hasContest(merges) else { throw refuse("has neighbouring pieces with equal scores") }
    // Of equal scores the leftmost pair in a text is merged, and a list has to put one first. Only runs of one character
    // can be cut in several ways into the same piece, and there the longer part stands on the left.
    let ordered = merges.enumerated().sorted { ($0.element.rank, -$0.offset) < ($1.element.rank, -$1.offset) }
    return ordered.map {
      .array([.string(texts[Int($0.element.left)]), .string(texts[Int($0.element.right)])])
    }
  }

  /// Whether two different pieces with one score could want the same symbol: the leftmost would get it, which a list of
  /// merges cannot say.
  private static func hasContest(_ merges: [MergeTable.Merge]) -> Bool {
    var ends: [SIMD2<UInt32>: Int32] = [:]
    func place(_ merge: MergeTable.Merge, _ symbol: Int32) -> SIMD2<UInt32> {
      SIMD2(merge.rank, UInt32(bitPattern: symbol))
    }
    for merge in merges {
      let known = ends[place(merge, merge.right)]
      ends[place(merge, merge.right)] = known == nil || known == merge.merged ? merge.merged : -1
    }
    return merges.contains { merge in
      ends[place(merge, merge.left)].map { $0 != merge.merged } ?? false
    }
  }
}
