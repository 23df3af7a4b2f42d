/// The characters that the pieces of a SentencePiece-style tokenizer begin as, and what becomes of the others.
struct CharacterAlphabet: Sendable {
  /// The token of each byte, when unknown characters fall back to those of their UTF-8; −1 for one that is missing.
  let byteFallback: [Int32]?
  /// Characters that are no token but begin or end a token: symbols that may be merged, numbered from `firstUnlisted`.
  private let unlisted: [UInt32: Int32]
  private let unlistedScalars: [Unicode.Scalar]
  private let firstUnlisted: Int32
  /// ASCII characters: the token, or −1.
  private let ascii: [Int32]
  /// Characters that stand before a marker inside of some token, so that a merge may cross the beginning of a word.
  private let joined: Set<UInt32>
  /// Whether texts may be cut before markers at all.
  private let cuts: Bool
  private let marker = SpaceMarker.standard.bytes

  /// - Parameter unlisted: characters that are no token of their own, but part of a token that may be merged.
  init(vocabulary: Vocabulary, byteFallback: [Int32]?, unlisted: [Unicode.Scalar] = []) {
    self.byteFallback = byteFallback
    firstUnlisted = Int32(vocabulary.count)
    unlistedScalars = unlisted
    self.unlisted = Dictionary(
      unlisted.enumerated().map { ($0.element.value, Int32(vocabulary.count + $0.offset)) }
    ) { first, _ in first }
    ascii = (UInt8(0)..<128).map { byte in
      [byte].withUnsafeBufferPointer { vocabulary.id(of: $0) } ?? -1
    }
    // An unknown marker could be fused with what stands before it.
    cuts = marker.withUnsafeBufferPointer { vocabulary.id(of: $0) } != nil
    var joined: Set<UInt32> = []
    for id in 0..<vocabulary.count {
      var previous: Unicode.Scalar?
      for scalar in String(decoding: vocabulary[id], as: UTF8.self).unicodeScalars {
        if scalar == "\u{2581}", let previous { joined.insert(previous.value) }
        previous = scalar
      }
    }
    self.joined = joined
  }

  /// The symbol of an unlisted character.
  func unlistedSymbol(_ scalar: Unicode.Scalar) -> Int32? { unlisted[scalar.value] }

  /// Where the first word of what begins at `start` ends: before a marker that no merge reaches across.
  func wordEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard cuts else { return text.count }
    var position = start + 1
    while position < text.count {
      guard text[position] == marker[0], text[position...].starts(with: marker) else {
        position += 1
        continue
      }
      var previous = position - 1
      while text[previous] & 0xC0 == 0x80 { previous -= 1 }
      let scalar =
        text[previous] < 0x80
        ? Unicode.Scalar(text[previous]) : ScalarClass.decode(text, at: previous).0
      if !joined.contains(scalar.value) { return position }
      position += marker.count
    }
    return text.count
  }

  /// Writes the symbols a word begins as; returns how many. Source: `merge_word` of Hugging Face's BPE model.
  func symbols(
    of word: UnsafeBufferPointer<UInt8>, in vocabulary: Vocabulary, _ unknown: BytePairModel.UnknownToken?,
    into symbols: UnsafeMutableBufferPointer<Int32>
  ) -> Int {
    var count = 0
    var position = 0
    // The reference holds an unknown token back until a known one or the end, and writes bytes before it.
    var waits = false
    func flush() {
      guard waits, let unknown else { return }
      symbols[count] = unknown.id
      count += 1
      waits = false
    }
    while position < word.count {
      let start = position
      let lead = word[position]
      position += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      let character = UnsafeBufferPointer(rebasing: word[start..<position])
      if let id = symbol(of: character, in: vocabulary) {
        flush()
        symbols[count] = id
        count += 1
      } else if let byteFallback, character.allSatisfy({ byteFallback[Int($0)] >= 0 }) {
        for byte in character {
          symbols[count] = byteFallback[Int(byte)]
          count += 1
        }
      } else if let unknown {
        if waits, !unknown.fuses { flush() }
        waits = true
      }
    }
    flush()
    return count
  }

  @inline(__always)
  private func symbol(of character: UnsafeBufferPointer<UInt8>, in vocabulary: Vocabulary) -> Int32? {
    if character.count == 1 {
      let id = ascii[Int(character[0])]
      if id >= 0 { return id }
    } else if let id = vocabulary.id(of: character) {
      return id
    }
    guard !unlisted.isEmpty else { return nil }
    let scalar =
      character.count == 1
      ? Unicode.Scalar(character[0]) : ScalarClass.decode(character, at: 0).0
    return unlisted[scalar.value]
  }

  /// Writes what stands for unlisted characters that were not merged: their bytes, or the unknown token.
  func replaceUnlisted(in tokens: inout [Int32], from start: Int, _ unknown: BytePairModel.UnknownToken?) {
    guard !unlisted.isEmpty, tokens[start...].contains(where: { $0 >= firstUnlisted }) else { return }
    let merged = tokens[start...]
    tokens.removeLast(merged.count)
    for token in merged {
      if token < firstUnlisted {
        if let unknown, unknown.fuses, token == unknown.id, tokens.count > start, tokens.last == token {
          continue
        }
        tokens.append(token)
      } else if let byteFallback {
        let scalar = unlistedScalars[Int(token - firstUnlisted)]
        for byte in String(scalar).utf8 { tokens.append(byteFallback[Int(byte)]) }
      } else if let unknown, !(unknown.fuses && tokens.count > start && tokens.last == unknown.id) {
        tokens.append(unknown.id)
      }
    }
  }
}
