extension Tokenizer {
  /// Reads a tokenizer.model. Throws `TokenizerError`, `FileFailure`.
  ///
  /// - Parameters:
  ///   - addsBOS: whether texts are framed by the beginning-of-sequence token. The file does not say; Llama's are.
  ///   - addsEOS: whether texts are framed by the end-of-sequence token.
  public init(sentencePiecePath path: String, addsBOS: Bool = true, addsEOS: Bool = false) throws {
    try self.init(
      sentencePiece: InputFile.contents(of: path, limit: Self.longestFile), path: path, addsBOS: addsBOS,
      addsEOS: addsEOS)
  }

  /// Reads the bytes of a tokenizer.model; `path` is for messages. Throws `TokenizerError`.
  ///
  /// Does what SentencePiece does for a model of type BPE with the identity as its normalizer. Control pieces are
  /// special tokens: texts may be searched for them, which SentencePiece leaves to the caller.
  public init(
    sentencePiece bytes: [UInt8], path: String, addsBOS: Bool = true, addsEOS: Bool = false
  ) throws(TokenizerError) {
    let file = try SentencePieceFile(bytes, path: path)
    try file.refuseUnsupported(path)
    let list = SentencePieceVocabulary(pieces: file.pieces) { $0 == .normal || $0 == .userDefined }
    let bytes = list.byteTokens
    if file.fallsBackToBytes, bytes?.contains(-1) ?? true {
      throw .malformed(
        path: path, member: "the vocabulary", reason: "has not all 256 bytes, to which it falls back")
    }
    let unknown = file.pieces.indices.filter { file.pieces[$0].kind == .unknown }
    guard unknown.count == 1 else {
      throw .malformed(
        path: path, member: "the vocabulary", reason: "has \(unknown.count) unknown pieces instead of one")
    }
    func frame(_ name: String, _ isWanted: Bool) throws(TokenizerError) -> [Int32] {
      guard isWanted else { return [] }
      guard
        let id = file.pieces.firstIndex(where: {
          $0.kind == .control && $0.text.utf8.elementsEqual(name.utf8)
        })
      else {
        throw .malformed(path: path, member: "the vocabulary", reason: "has no control piece \(name)")
      }
      return [Int32(id)]
    }
    var steps: [TextNormalizer.Step] = file.removesExtraWhitespace ? [.collapseSpaces] : []
    steps += Self.marking(prefix: file.addsDummyPrefix)
    try self.init(
      list, path: path, normalizer: TextNormalizer(steps: steps),
      byteTokens: file.fallsBackToBytes ? bytes : nil, unknown: Int32(unknown[0]),
      stripsSpace: file.addsDummyPrefix,
      frame: SpecialTokenFrame(before: frame("<s>", addsBOS), after: frame("</s>", addsEOS)),
      userDefinedAreRaw: false)
  }

  /// What makes spaces markers, and puts one in front.
  static func marking(prefix: Bool) -> [TextNormalizer.Step] {
    let marker = SpaceMarker.standard.bytes
    return (prefix ? [.prepend(marker)] : []) + [.replace([UInt8(ascii: " ")], with: marker)]
  }

  /// - Parameter userDefinedAreRaw: whether user-defined pieces are searched before a text gets its marker in front,
  ///   as llama.cpp does, or after it.
  init(
    _ list: SentencePieceVocabulary, path: String, normalizer: TextNormalizer, byteTokens: [Int32]?,
    unknown: Int32?, stripsSpace: Bool, frame: SpecialTokenFrame, userDefinedAreRaw: Bool
  ) throws(TokenizerError) {
    let vocabulary = list.vocabulary
    let alphabet = CharacterAlphabet(
      vocabulary: vocabulary, byteFallback: byteTokens, unlisted: list.unlistedCharacters(vocabulary))
    guard let merges = list.merges(vocabulary, alphabet) else {
      throw .malformed(
        path: path, member: "the vocabulary", reason: "has pieces that are too long to be merged")
    }
    func added(_ kinds: Set<SentencePieceVocabulary.Kind>) -> [AddedToken] {
      list.pieces.enumerated().filter { kinds.contains($0.element.kind) }.map { id, piece in
        AddedToken(
          content: piece.text, id: Int32(id), singleWord: false, stripsLeft: false, stripsRight: false,
          isNormalized: false, isSpecial: piece.kind != .userDefined)
      }
    }
    let special = added([.control, .unknown])
    let userDefined = added([.userDefined])
    var ids: [TokenText: Int32] = [:]
    for (id, piece) in list.pieces.enumerated() { ids[TokenText(piece.text)] = Int32(id) }
    self.init(
      normalizer: normalizer, preTokenizer: PreTokenizer(steps: []),
      model: BytePairModel(
        vocabulary: vocabulary, merges: MergeTable(ranked: merges), alphabet: .characters(alphabet),
        unknown: unknown.map { BytePairModel.UnknownToken(id: $0, fuses: true) }, looksUpWholePieces: false),
      decoder: TokenDecoder(list, stripsSpace: stripsSpace), frame: frame,
      rawFinder: AddedTokenFinder(special + (userDefinedAreRaw ? userDefined : [])),
      normalizedFinder: AddedTokenFinder(userDefinedAreRaw ? [] : userDefined), ids: ids,
      specialIDs: Set(special.map(\.id)))
  }
}

extension SentencePieceFile {
  fileprivate func refuseUnsupported(_ path: String) throws(TokenizerError) {
    let types: [UInt64: String] = [1: "Unigram", 3: "Word", 4: "Char"]
    guard modelType == 2 else {
      throw .unsupported(
        path: path, member: "trainer_spec.model_type", what: types[modelType] ?? "the number \(modelType)")
    }
    guard !hasNormalizerRules else {
      throw .unsupported(
        path: path, member: "normalizer_spec", what: "\"\(normalizerName)\", a table of rules")
    }
    guard !hasDenormalizerRules else {
      throw .unsupported(path: path, member: "denormalizer_spec", what: "a table of rules")
    }
    guard escapesWhitespace else {
      throw .unsupported(path: path, member: "normalizer_spec.escape_whitespaces", what: "false")
    }
    guard !hasWhitespaceAsSuffix else {
      throw .unsupported(path: path, member: "trainer_spec.treat_whitespace_as_suffix", what: "true")
    }
  }
}

extension TokenDecoder {
  /// Markers are spaces, byte tokens bytes, and the marker that was put before a text is dropped.
  fileprivate init(_ list: SentencePieceVocabulary, stripsSpace: Bool) {
    var texts = ByteStrings()
    var byteTokens: [Int32] = []
    for (id, piece) in list.pieces.enumerated() {
      let text = Array(piece.text.utf8)
      if piece.kind == .byte, let byte = ByteToken.byte(of: text) {
        texts.append([byte])
        byteTokens.append(Int32(id))
      } else {
        var replaced: [UInt8] = []
        text.withUnsafeBufferPointer {
          TextNormalizer.replace(
            SpaceMarker.standard.bytes, with: [UInt8(ascii: " ")], in: $0, to: &replaced)
        }
        texts.append(replaced)
      }
    }
    self.init(
      form: stripsSpace ? .stripped(1) : .plain, texts: texts,
      byteTokens: byteTokens.isEmpty ? nil : byteTokens)
  }
}
