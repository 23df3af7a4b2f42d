/// Why bytes are no index, or not the one that is wanted. The caller adds the path, and may make the index again.
public enum NGramIndexError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes begin with something else.
  case notAnIndex
  /// Another version of this program wrote them.
  case version(found: UInt32, expected: UInt32)
  /// The index is of other parameters: its words, grams or threshold are not those asked for.
  case mismatch(parameter: String, found: String, expected: String)
  /// The bytes cannot be what was written.
  case damaged(offset: Int, reason: String)

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .notAnIndex: "this is no index of near-duplicates"
    case .version(let found, let expected):
      "the index of near-duplicates has version \(found), and this program reads version \(expected): make it again"
    case .mismatch(let parameter, let found, let expected):
      "the index of near-duplicates was made with \(parameter) \(found), not \(expected): make it again, or ask for \(found)"
    case .damaged(let offset, let reason):
      "the index of near-duplicates is damaged at byte \(offset): \(reason); make it again"
    }
  }
}
