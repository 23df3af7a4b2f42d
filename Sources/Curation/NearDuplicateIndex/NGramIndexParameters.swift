/// What an index was made with, all of which must be the same when it is asked.
public struct NGramIndexParameters: Hashable, Sendable {
  /// The longest name of a tokenizer, in bytes of UTF-8.
  public static let longestTokenizer = 40

  /// When two items are alike.
  public let similarity: NGramSimilarity
  /// The name and version of what makes words of texts and numbers of words; at most ``longestTokenizer`` bytes count.
  public let tokenizer: String

  /// The parameters of an index.
  public init(similarity: NGramSimilarity, tokenizer: String) {
    self.similarity = similarity
    self.tokenizer = String(decoding: tokenizer.utf8.prefix(Self.longestTokenizer), as: UTF8.self)
  }
}
