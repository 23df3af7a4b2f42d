/// What an index was made with, all of which must be the same when it is asked.
public struct NGramIndexParameters: Hashable, Sendable, CustomStringConvertible {
  /// When two items are alike.
  public let similarity: NGramSimilarity
  /// Name and version of the tokenizer.
  public let tokenizer: String
  /// Which part of a record.
  public let field: String

  /// The parameters of an index.
  public init(similarity: NGramSimilarity, tokenizer: String, field: String) {
    self.similarity = similarity
    self.tokenizer = tokenizer
    self.field = field
  }

  /// All of it, for messages.
  public var description: String {
    "\(similarity.measure.rawValue) \(similarity.threshold) of \(similarity.n) words, \(tokenizer), \(field)"
  }
}
