/// The tokenizer that a GGUF file carries, as plain values.
///
/// Source: ggml's `docs/gguf.md`, keys `tokenizer.ggml.*`; what a missing key means is llama.cpp's.
public struct GGUFVocabulary: Sendable {
  /// `tokenizer.ggml.model`: "gpt2" for byte-level BPE, "llama" for SentencePiece BPE.
  public var model: String
  /// `tokenizer.ggml.pre`: the name of the pre-tokenizer; only byte-level BPE has one.
  public var preTokenizer: String?
  /// `tokenizer.ggml.tokens`, as the bytes of the strings.
  public var tokens: [[UInt8]]
  /// `tokenizer.ggml.scores`, one a token; nil when there are none.
  public var scores: [Float]?
  /// `tokenizer.ggml.token_type`, one a token: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; nil
  /// when there are none.
  public var types: [Int32]?
  /// `tokenizer.ggml.merges`: two tokens with a space between them each, as the bytes of the strings.
  public var merges: [[UInt8]]
  /// `tokenizer.ggml.bos_token_id`.
  public var beginningOfSequence: Int?
  /// `tokenizer.ggml.eos_token_id`.
  public var endOfSequence: Int?
  /// `tokenizer.ggml.unknown_token_id`.
  public var unknown: Int?
  /// `tokenizer.ggml.add_bos_token`.
  public var addsBOS: Bool?
  /// `tokenizer.ggml.add_eos_token`.
  public var addsEOS: Bool?
  /// `tokenizer.ggml.add_space_prefix`.
  public var addsSpacePrefix: Bool?

  /// The values of a file; what it does not say stays nil.
  public init(
    model: String, preTokenizer: String? = nil, tokens: [[UInt8]], scores: [Float]? = nil,
    types: [Int32]? = nil, merges: [[UInt8]] = [], beginningOfSequence: Int? = nil, endOfSequence: Int? = nil,
    unknown: Int? = nil, addsBOS: Bool? = nil, addsEOS: Bool? = nil, addsSpacePrefix: Bool? = nil
  ) {
    self.model = model
    self.preTokenizer = preTokenizer
    self.tokens = tokens
    self.scores = scores
    self.types = types
    self.merges = merges
    self.beginningOfSequence = beginningOfSequence
    self.endOfSequence = endOfSequence
    self.unknown = unknown
    self.addsBOS = addsBOS
    self.addsEOS = addsEOS
    self.addsSpacePrefix = addsSpacePrefix
  }
}
