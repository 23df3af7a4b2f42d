/// Why an index of near-duplicates cannot be used. The caller adds the path, and may make the index again.
public enum NGramIndexError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes that no writer made: what is wrong with them.
  case damaged(String)
  /// Another version of this program wrote them.
  case version(found: UInt32, supported: UInt32)
  /// The index is of texts read in another way, or of another similarity.
  case parameters(found: NGramIndexParameters, expected: NGramIndexParameters)
  /// No segment has the items from here on, but a later one has others.
  case missingItems(from: Int)
  /// Numbers of ids and sets that should be equal.
  case counts(sets: Int, ids: Int)
  /// A name longer than 255 bytes, more items than 32 bits count, or more bytes than memory holds.
  case tooLarge

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .damaged(let reason): "the index of near-duplicates is damaged: \(reason); make it again"
    case .version(let found, let supported):
      "the index of near-duplicates has version \(found), and this program reads version \(supported): make it again"
    case .parameters(let found, let expected):
      "the index of near-duplicates was made with \(found.summary), not \(expected.summary): make it again"
    case .missingItems(let from):
      "the index of near-duplicates lacks the items from \(from) on: make it again"
    case .counts(let sets, let ids): "\(ids) ids were given for \(sets) items"
    case .tooLarge: "there is more than an index of near-duplicates holds"
    }
  }
}

extension NGramIndexParameters {
  fileprivate var summary: String {
    "\(similarity.measure.rawValue) \(similarity.threshold) of \(similarity.n) words, \(tokenizer), \(field)"
  }
}
