/// A tokenizer of a LLaMA-family model: byte-level BPE as in GPT-2, Llama 3 and Qwen2, or SentencePiece's BPE as in
/// Llama 2 and Mistral.
///
/// Gives the same tokens as Hugging Face tokenizers for the same tokenizer.json, as SentencePiece for the same
/// tokenizer.model, and as llama.cpp for the same GGUF metadata; `oracles/` compares them.
public struct Tokenizer: Sendable {
  let normalizer: TextNormalizer
  let preTokenizer: PreTokenizer
  let model: BytePairModel
  let decoder: TokenDecoder
  let frame: SpecialTokenFrame
  /// Added tokens that are searched in the text as given, and those that are searched in its normal form.
  let rawFinder: AddedTokenFinder
  let normalizedFinder: AddedTokenFinder
  let ids: [TokenText: Int32]
  let specialIDs: Set<Int32>
  private let caches = WordCaches()

  init(
    normalizer: TextNormalizer, preTokenizer: PreTokenizer, model: BytePairModel, decoder: TokenDecoder,
    frame: SpecialTokenFrame, rawFinder: AddedTokenFinder, normalizedFinder: AddedTokenFinder,
    ids: [TokenText: Int32], specialIDs: Set<Int32>
  ) {
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.decoder = decoder
    self.frame = frame
    self.rawFinder = rawFinder
    self.normalizedFinder = normalizedFinder
    self.ids = ids
    self.specialIDs = specialIDs
  }

  /// One past the highest token id, added tokens included.
  public var vocabularySize: Int { model.vocabulary.count }

  /// The id of a token by its text in the vocabulary (of a byte-level one in the byte alphabet: a space is `Ġ`).
  public func id(of token: String) -> Int32? { ids[TokenText(token)] }

  /// Whether a token is a special one, which is left out of decoded text on request.
  public func isSpecial(_ id: Int32) -> Bool { specialIDs.contains(id) }

  /// The tokens of a text.
  ///
  /// - Parameters:
  ///   - frames: whether the tokens that the tokenizer adds itself (a leading BOS) are included.
  ///   - findsSpecial: whether the text of a special token becomes that token. Text of strangers must not end a turn:
  ///     give `false` for it.
  public func encode(_ text: String, frames: Bool = true, findsSpecial: Bool = true) -> [Int32] {
    let tokens = encode(text, isStart: true, findsSpecial: findsSpecial)
    return frames ? frame.framing(tokens) : tokens
  }

  /// The tokens of a text without special tokens that follows other tokens unless `isStart`.
  func encodePlain(_ text: String, isStart: Bool) -> [Int32] {
    encode(text, isStart: isStart, findsSpecial: false)
  }

  private func encode(_ text: String, isStart: Bool, findsSpecial: Bool) -> [Int32] {
    var text = text
    return text.withUTF8 { bytes in
      caches.withCache { cache in
        var tokens: [Int32] = []
        tokens.reserveCapacity(bytes.count / 3 + 4)
        encode(bytes, isStart, findsSpecial, &cache, &tokens)
        return tokens
      }
    }
  }

  /// The tokens framed and cut to `limit` as Hugging Face truncates: the text loses its end, the frame stays.
  public func framing(_ tokens: [Int32], limit: Int) -> [Int32] { frame.framing(tokens, limit: limit) }

  /// The pieces that merges never cross, in the byte alphabet; added tokens are not looked for. For comparisons.
  package func pieces(of text: String) -> [String] {
    var text = text
    var pieces: [String] = []
    text.withUTF8 { preTokenizer.forEachPiece(of: $0) { pieces.append(ByteAlphabet.encode($0)) } }
    return pieces
  }

  private func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, _ isTextStart: Bool, _ findsSpecial: Bool, _ cache: inout WordCache,
    _ tokens: inout [Int32]
  ) {
    for part in rawFinder.parts(of: bytes, findsSpecial: findsSpecial) {
      switch part {
      case .token(let id): tokens.append(id)
      case .text(let range):
        let stretch = UnsafeBufferPointer(rebasing: bytes[range])
        let isStart = isTextStart && range.lowerBound == 0
        if normalizer.isIdentity {
          encodeNormalized(stretch, isStart, findsSpecial, &cache, &tokens)
        } else {
          normalizer.apply(stretch).withUnsafeBufferPointer {
            encodeNormalized($0, isStart, findsSpecial, &cache, &tokens)
          }
        }
      }
    }
  }

  /// Looks for the added tokens of normalised text in a stretch without raw ones, and encodes the rest.
  private func encodeNormalized(
    _ bytes: UnsafeBufferPointer<UInt8>, _ isStart: Bool, _ findsSpecial: Bool, _ cache: inout WordCache,
    _ tokens: inout [Int32]
  ) {
    for part in normalizedFinder.parts(of: bytes, findsSpecial: findsSpecial) {
      switch part {
      case .token(let id): tokens.append(id)
      case .text(let range):
        preTokenizer.forEachPiece(
          of: UnsafeBufferPointer(rebasing: bytes[range]), isStart: isStart && range.lowerBound == 0
        ) { model.encode($0, cache: &cache, into: &tokens) }
      }
    }
  }
}
