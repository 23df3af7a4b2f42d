/// A list that another one was compared with, and how alike they are.
public struct RougeLNeighbour: Hashable, Sendable {
  /// Where a list is.
  public enum Item: Hashable, Sendable {
    /// A place among the known lists, counted over all pools in their order.
    case known(Int)
    /// A place among the lists that are decided on.
    case new(Int)
  }

  public let item: Item
  /// ROUGE-L F, above 0 and at most 1.
  public let score: Double
}

/// What the filter says of one list.
public struct RougeLDecision: Hashable, Sendable {
  /// Of the lists with an F above the threshold, that with the highest; of several, the first, known ones before new ones.
  /// Nil for a list that stays.
  public let nearest: RougeLNeighbour?

  /// A decision: to stay when `nearest` is nil.
  public init(nearest: RougeLNeighbour?) { self.nearest = nearest }

  /// Whether the list stays.
  public var isKept: Bool { nearest == nil }
}

/// Which lists a list is compared with.
public enum RougeLPolicy: String, Sendable, CaseIterable {
  /// With the known ones and with those before it that stay: the first of several that are alike stays. What self-instruct
  /// and Alpaca do.
  case greedy
  /// With the known ones and all others, whether they stay or not: none of several that are alike stays. What AlpaCare does.
  case isolated
  /// With the known ones alone.
  case known
}
