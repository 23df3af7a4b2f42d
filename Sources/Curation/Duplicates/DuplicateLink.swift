/// Two items that are alike.
public struct DuplicateLink: Hashable, Sendable {
  /// The two, by their places, the smaller first.
  public let first: Int
  public let second: Int
  /// How alike they are, above 0 and at most 1.
  public let score: Double

  /// A link; the order of the two does not matter.
  public init(_ one: Int, _ other: Int, score: Double) {
    first = min(one, other)
    second = max(one, other)
    self.score = score
  }
}

/// How far likeness reaches.
public enum DuplicateReach: String, Sendable, CaseIterable {
  /// What is dropped is itself alike to what stays in its place.
  case star
  /// Likeness is handed on: of everything that is linked through others, one stays.
  case chain
}
