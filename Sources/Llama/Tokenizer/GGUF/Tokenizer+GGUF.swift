extension Tokenizer {
  /// Makes the tokenizer that a GGUF file carries; `path` is for messages. Throws `TokenizerError`.
  ///
  /// Gives llama.cpp's tokens. One thing is done as Hugging Face does it: where two added tokens overlap in a text, the
  /// one that begins first is found, not the longer one.
  public init(gguf vocabulary: GGUFVocabulary, path: String) throws(TokenizerError) {
    let pieces = try vocabulary.pieces(path)
    switch vocabulary.model {
    case "llama": try self.init(sentencePiece: vocabulary, pieces, path: path)
    case "gpt2": try self.init(byteLevel: vocabulary, pieces, path: path)
    case let other: throw .unsupported(path: path, member: "tokenizer.ggml.model", what: "\"\(other)\"")
    }
  }

  private init(
    sentencePiece vocabulary: GGUFVocabulary, _ pieces: [SentencePieceVocabulary.Piece], path: String
  ) throws(TokenizerError) {
    // llama.cpp knows tokens by their texts alone, whatever they are for.
    let list = SentencePieceVocabulary(pieces: pieces) { $0 != .byte }
    guard let bytes = list.byteTokens, !bytes.contains(-1) else {
      throw .malformed(
        path: path, member: "tokenizer.ggml.tokens", reason: "has not all 256 bytes, to which it falls back")
    }
    let prefix = vocabulary.addsSpacePrefix ?? true
    try self.init(
      list, path: path, normalizer: TextNormalizer(steps: Self.marking(prefix: prefix)), byteTokens: bytes,
      unknown: nil, stripsSpace: prefix, frame: vocabulary.frame(path, addsBOS: true), userDefinedAreRaw: true
    )
  }

  private init(
    byteLevel vocabulary: GGUFVocabulary, _ pieces: [SentencePieceVocabulary.Piece], path: String
  ) throws(TokenizerError) {
    guard !(vocabulary.addsSpacePrefix ?? false) else {
      throw .unsupported(
        path: path, member: "tokenizer.ggml.add_space_prefix", what: "true beside byte-level BPE")
    }
    guard let name = vocabulary.preTokenizer else {
      throw .unsupported(
        path: path, member: "tokenizer.ggml.pre", what: "missing, so the texts' cuts are unknown")
    }
    guard let named = NamedPreTokenizer(name) else {
      throw .unsupported(
        path: path, member: "tokenizer.ggml.pre",
        what: "\"\(name)\" (known are \(NamedPreTokenizer.names.joined(separator: ", ")))")
    }
    var ids: [TokenText: Int32] = [:]
    for (id, piece) in pieces.enumerated() { ids[TokenText(piece.text)] = Int32(id) }
    let isText: (SentencePieceVocabulary.Piece) -> Bool = {
      [.control, .userDefined, .unknown].contains($0.kind)
    }
    let decoded = pieces.map { isText($0) ? nil : ByteAlphabet.decode($0.text) }
    var texts = ByteStrings()
    for (piece, bytes) in zip(pieces, decoded) { texts.append(bytes ?? Array(piece.text.utf8)) }
    let added = pieces.enumerated().filter { isText($0.element) && !$0.element.text.isEmpty }.map {
      id, piece in
      AddedToken(
        content: piece.text, id: Int32(id), singleWord: false, stripsLeft: false, stripsRight: false,
        isNormalized: false, isSpecial: piece.kind != .userDefined)
    }
    self.init(
      normalizer: TextNormalizer(), preTokenizer: PreTokenizer(steps: named.steps),
      model: BytePairModel(
        vocabulary: Vocabulary(decoded.map { ($0 ?? [], $0 != nil && $0?.isEmpty == false) }),
        merges: MergeTable(try vocabulary.pairs(ids, path)),
        alphabet: .bytes(ByteAlphabet.scalars.map { ids[TokenText(String($0))] ?? -1 }), unknown: nil,
        looksUpWholePieces: named.looksUpWholePieces),
      decoder: TokenDecoder(form: .plain, texts: texts),
      frame: try vocabulary.frame(path, addsBOS: named.addsBOS), rawFinder: AddedTokenFinder(added),
      normalizedFinder: AddedTokenFinder([]), ids: ids,
      specialIDs: Set(added.filter(\.isSpecial).map(\.id)))
  }
}

extension GGUFVocabulary {
  /// The tokens with their scores and types.
  fileprivate func pieces(_ path: String) throws(TokenizerError) -> [SentencePieceVocabulary.Piece] {
    guard !tokens.isEmpty, tokens.count <= SentencePieceFile.mostPieces else {
      throw .malformed(path: path, member: "tokenizer.ggml.tokens", reason: "has \(tokens.count) tokens")
    }
    for (name, count) in [("scores", scores?.count), ("token_type", types?.count)] {
      guard count == nil || count == tokens.count else {
        throw .malformed(
          path: path, member: "tokenizer.ggml.\(name)",
          reason: "has \(count ?? 0) values for \(tokens.count) tokens")
      }
    }
    var pieces: [SentencePieceVocabulary.Piece] = []
    pieces.reserveCapacity(tokens.count)
    for (id, bytes) in tokens.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .malformed(path: path, member: "tokenizer.ggml.tokens[\(id)]", reason: "is no valid UTF-8")
      }
      let type = types?[id] ?? 1
      guard let kind = SentencePieceVocabulary.Kind(rawValue: type) else {
        throw .malformed(path: path, member: "tokenizer.ggml.token_type[\(id)]", reason: "is \(type)")
      }
      let score = scores?[id] ?? 0
      guard !score.isNaN else {
        throw .malformed(path: path, member: "tokenizer.ggml.scores[\(id)]", reason: "is no number")
      }
      pieces.append(SentencePieceVocabulary.Piece(text: text, score: score, kind: kind))
    }
    return pieces
  }

  /// The merges by ids.
  fileprivate func pairs(
    _ ids: [TokenText: Int32], _ path: String
  ) throws(TokenizerError) -> [(left: Int32, right: Int32, merged: Int32)] {
    var pairs: [(left: Int32, right: Int32, merged: Int32)] = []
    pairs.reserveCapacity(merges.count)
    for (index, line) in merges.enumerated() {
      // No token of the byte alphabet has a space in it.
      guard let space = line.firstIndex(of: UInt8(ascii: " ")) else {
        throw .malformed(path: path, member: "tokenizer.ggml.merges[\(index)]", reason: "has no space")
      }
      let left = line[..<space]
      let right = line[(space + 1)...]
      func id(_ bytes: some Collection<UInt8>) throws(TokenizerError) -> Int32 {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let id = ids[TokenText(text)] else {
          throw .malformed(
            path: path, member: "tokenizer.ggml.merges[\(index)]",
            reason: "needs \"\(text)\", which is no token")
        }
        return id
      }
      pairs.append((try id(left), try id(right), try id(left + right)))
    }
    return pairs
  }

  /// The tokens around a text.
  fileprivate func frame(_ path: String, addsBOS standard: Bool) throws(TokenizerError) -> SpecialTokenFrame {
    func token(_ name: String, _ id: Int?, _ isWanted: Bool) throws(TokenizerError) -> [Int32] {
      guard isWanted else { return [] }
      guard let id, tokens.indices.contains(id) else {
        throw .malformed(
          path: path, member: "tokenizer.ggml.\(name)_token_id",
          reason: "is \(id.map { "\($0), which is no token" } ?? "missing"), and texts are framed by it")
      }
      return [Int32(id)]
    }
    return SpecialTokenFrame(
      before: try token("bos", beginningOfSequence, addsBOS ?? standard),
      after: try token("eos", endOfSequence, addsEOS ?? false))
  }
}
