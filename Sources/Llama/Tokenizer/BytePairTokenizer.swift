@_spi(_Unicode) import Swift

/// A byte-level byte-pair tokenizer, as GPT-2, SmolLM2, Llama 3 and Qwen2 use it.
///
/// Gives the same tokens as Hugging Face tokenizers for the same tokenizer.json; `oracles/` compares the two.
public struct BytePairTokenizer: Sendable {
  let vocabulary: Vocabulary
  let merges: MergeTable
  /// The token of each byte; −1 for a byte the vocabulary lacks.
  let byteTokens: [Int32]
  let unknown: UnknownToken?
  /// A piece that is a token as a whole is not merged (`ignore_merges`).
  let looksUpWholePieces: Bool
  let composes: Bool
  let preTokenizer: PreTokenizer
  let rawFinder: AddedTokenFinder
  let normalizedFinder: AddedTokenFinder
  let frame: SpecialTokenFrame
  let ids: [String: Int32]
  let specialIDs: Set<Int32>
  let joinsWithSpaces: Bool

  /// What stands for a byte the vocabulary lacks.
  struct UnknownToken: Sendable {
    var id: Int32
    /// Neighbouring unknown bytes become one token.
    var fuses: Bool
  }

  /// One past the highest token id, added tokens included.
  public var vocabularySize: Int { vocabulary.count }

  /// The id of a token by its text in tokenizer.json (in the byte alphabet: a space is `Ġ`).
  public func id(of token: String) -> Int32? { ids[token] }

  /// The bytes a token stands for; empty for an unknown id.
  public func bytes(of id: Int32) -> [UInt8] { id < 0 ? [] : Array(vocabulary[Int(id)]) }

  /// The tokens of a text. With `frames`, the tokens that the tokenizer adds itself (a leading BOS) are included.
  public func encode(_ text: String, frames: Bool = true) -> [Int32] {
    let tokens = encodeContent(text)
    return frames ? frame.framing(tokens) : tokens
  }

  /// The tokens framed and cut to `limit` as Hugging Face truncates: the text loses its end, the frame stays.
  public func framing(_ tokens: [Int32], limit: Int) -> [Int32] { frame.framing(tokens, limit: limit) }

  /// The text of these tokens; bytes that are no valid UTF-8 become U+FFFD. Ids outside of the vocabulary are skipped.
  public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = false) -> String {
    var bytes: [UInt8] = []
    for id in ids where id >= 0 && !(skippingSpecialTokens && specialIDs.contains(id)) {
      if joinsWithSpaces && !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
      bytes += vocabulary[Int(id)]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The pieces that merges never cross, in the byte alphabet; added tokens are not looked for. For comparisons.
  package func pieces(of text: String) -> [String] {
    var text = text
    var pieces: [String] = []
    text.withUTF8 { preTokenizer.forEachPiece(of: $0) { pieces.append(ByteAlphabet.encode($0)) } }
    return pieces
  }

  private func encodeContent(_ text: String) -> [Int32] {
    var text = text
    var tokens: [Int32] = []
    text.withUTF8 { bytes in
      tokens.reserveCapacity(bytes.count / 3 + 4)
      for part in rawFinder.parts(of: bytes) {
        switch part {
        case .token(let id): tokens.append(id)
        case .text(let range): encodePart(UnsafeBufferPointer(rebasing: bytes[range]), into: &tokens)
        }
      }
    }
    return tokens
  }

  /// Normalises a stretch without raw added tokens, then looks for the added tokens of normalised text.
  private func encodePart(_ bytes: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if composes, bytes.contains(where: { $0 >= 0x80 }) {
      var composed = String.UnicodeScalarView()
      composed.append(contentsOf: String(decoding: bytes, as: UTF8.self)._nfc)
      var text = String(composed)
      text.withUTF8 { encodeNormalized($0, into: &tokens) }
    } else {
      encodeNormalized(bytes, into: &tokens)
    }
  }

  private func encodeNormalized(_ bytes: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if normalizedFinder.isEmpty {
      preTokenizer.forEachPiece(of: bytes) { encodePiece($0, into: &tokens) }
      return
    }
    for part in normalizedFinder.parts(of: bytes) {
      switch part {
      case .token(let id): tokens.append(id)
      case .text(let range):
        preTokenizer.forEachPiece(of: UnsafeBufferPointer(rebasing: bytes[range])) {
          encodePiece($0, into: &tokens)
        }
      }
    }
  }

  private func encodePiece(_ piece: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if looksUpWholePieces, let id = vocabulary.id(of: piece) { return tokens.append(id) }
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
  }
}
