/// The pieces of a SentencePiece model of type BPE, from a tokenizer.model or from GGUF metadata.
struct SentencePieceVocabulary {
  /// What a piece is for; the numbers are those of the file.
  enum Kind: Int32, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  struct Piece {
    var text: String
    var score: Float
    var kind: Kind
  }

  /// Most work that merges may ask for when they are found, in bytes compared; Llama 2's vocabulary asks for 3 million.
  static let mostWork = 1 << 30

  var pieces: [Piece]
  /// Which pieces merges may make.
  var isMerged: (Kind) -> Bool

  /// The pieces as the model looks them up. Bytes are not: `<0x0A>` in a text is six characters.
  var vocabulary: Vocabulary {
    Vocabulary(pieces.map { (Array($0.text.utf8), $0.kind != .byte && !$0.text.isEmpty) })
  }

  /// The token of each byte, −1 where there is none; nil when there is none at all.
  var byteTokens: [Int32]? {
    var ids: [TokenText: Int32] = [:]
    for (id, piece) in pieces.enumerated() where piece.kind == .byte {
      ids[TokenText(piece.text)] = Int32(id)
    }
    return ByteToken.ids { ids[TokenText($0)] }
  }

  /// Characters of pieces that are no pieces themselves, in the order of their first appearance.
  func unlistedCharacters(_ vocabulary: Vocabulary) -> [Unicode.Scalar] {
    var seen: Set<UInt32> = []
    var unlisted: [Unicode.Scalar] = []
    for piece in pieces where isMerged(piece.kind) {
      for scalar in piece.text.unicodeScalars where seen.insert(scalar.value).inserted {
        let isPiece = Array(String(scalar).utf8).withUnsafeBufferPointer { vocabulary.id(of: $0) != nil }
        if !isPiece { unlisted.append(scalar) }
      }
    }
    return unlisted
  }

  /// Every pair of symbols that makes a piece, ranked by the piece's score: the highest first.
  ///
  /// SentencePiece looks for the piece that two neighbours make by their text; pairs that are known beforehand give the
  /// same merges. A symbol is a piece or a single character.
  /// Returns nil when the pieces are so long that it would take minutes.
  func merges(_ vocabulary: Vocabulary, _ alphabet: CharacterAlphabet) -> [MergeTable.Merge]? {
    var work = 0
    for piece in pieces where isMerged(piece.kind) {
      let length = piece.text.utf8.count
      guard length < 1 << 16 else { return nil }
      work += length * length
      if work > Self.mostWork { return nil }
    }
    let scores = Set(pieces.map(\.score)).sorted(by: >)
    let ranks = Dictionary(scores.enumerated().map { ($0.element, UInt32($0.offset)) }) { first, _ in first }
    var merges: [MergeTable.Merge] = []
    for piece in pieces where isMerged(piece.kind) {
      let bytes = Array(piece.text.utf8)
      let rank = ranks[piece.score] ?? .max
      bytes.withUnsafeBufferPointer { bytes in
        // Of equal texts one token is found, and that is what their parts become.
        guard let merged = vocabulary.id(of: bytes) else { return }
        for cut in 1..<max(bytes.count, 1) where bytes[cut] & 0xC0 != 0x80 {
          guard let left = symbol(bytes[..<cut], vocabulary, alphabet),
            let right = symbol(bytes[cut...], vocabulary, alphabet)
          else { continue }
          merges.append(MergeTable.Merge(left: left, right: right, merged: merged, rank: rank))
        }
      }
    }
    return merges
  }

  private func symbol(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ vocabulary: Vocabulary, _ alphabet: CharacterAlphabet
  ) -> Int32? {
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    if let id = vocabulary.id(of: bytes) { return id }
    let length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4
    guard bytes.count == length else { return nil }
    return alphabet.unlistedSymbol(
      length == 1 ? Unicode.Scalar(bytes[0]) : ScalarClass.decode(bytes, at: 0).0)
  }
}
