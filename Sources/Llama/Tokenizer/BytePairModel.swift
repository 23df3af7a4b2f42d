/// A byte-pair encoding model: what a piece of text begins as, and what is merged.
struct BytePairModel: Sendable {
  /// The tokens a piece begins as.
  enum Alphabet: Sendable {
    /// One token a byte; −1 for a byte the vocabulary lacks.
    case bytes([Int32])
    /// One token a character.
    case characters(CharacterAlphabet)
  }

  /// What stands for a byte or a character the vocabulary lacks.
  struct UnknownToken: Sendable, Equatable {
    var id: Int32
    /// Neighbouring unknown ones become one token.
    var fuses: Bool
  }

  let vocabulary: Vocabulary
  let merges: MergeTable
  let alphabet: Alphabet
  let unknown: UnknownToken?
  /// A piece that is a token as a whole is not merged (`ignore_merges`).
  let looksUpWholePieces: Bool

  /// Appends the tokens of a piece.
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, cache: inout WordCache, into tokens: inout [Int32]
  ) {
    if looksUpWholePieces, let id = vocabulary.id(of: piece) { return tokens.append(id) }
    switch alphabet {
    case .bytes(let byteTokens): encodeBytes(piece, byteTokens, &cache, &tokens)
    case .characters(let characters):
      // A piece may be a whole text. No merge crosses the beginning of most words, so they are encoded one by one.
      var start = 0
      while start < piece.count {
        let end = characters.wordEnd(in: piece, from: start)
        encodeCharacters(UnsafeBufferPointer(rebasing: piece[start..<end]), characters, &cache, &tokens)
        start = end
      }
    }
  }

  private func encodeBytes(
    _ piece: UnsafeBufferPointer<UInt8>, _ byteTokens: [Int32], _ cache: inout WordCache,
    _ tokens: inout [Int32]
  ) {
    if piece.count == 1, case let id = byteTokens[Int(piece[0])], id >= 0 { return tokens.append(id) }
    if cache.append(piece, to: &tokens) { return }
    let start = tokens.count
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: piece.count) { symbols in
      var count = 0
      var followsUnknown = false
      for byte in piece {
        let id = byteTokens[Int(byte)]
        if id >= 0 {
          symbols[count] = id
        } else {
          guard let unknown else { continue }
          if unknown.fuses && followsUnknown { continue }
          symbols[count] = unknown.id
        }
        followsUnknown = id < 0
        count += 1
      }
      merges.merge(UnsafeMutableBufferPointer(rebasing: symbols[..<count]), into: &tokens)
    }
    cache.keep(piece, tokens[start...])
  }

  private func encodeCharacters(
    _ word: UnsafeBufferPointer<UInt8>, _ characters: CharacterAlphabet, _ cache: inout WordCache,
    _ tokens: inout [Int32]
  ) {
    if cache.append(word, to: &tokens) { return }
    let start = tokens.count
    // Each byte of a character becomes a token at most, and an unknown one may wait before it.
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: word.count + 1) { symbols in
      let count = characters.symbols(of: word, in: vocabulary, unknown, into: symbols)
      merges.merge(UnsafeMutableBufferPointer(rebasing: symbols[..<count]), into: &tokens)
    }
    characters.replaceUnlisted(in: &tokens, from: start, unknown)
    cache.keep(word, tokens[start...])
  }
}
