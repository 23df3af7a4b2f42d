/// One sequence of tokens and what to learn from it.
public struct TrainingSequence: Sendable, Equatable {
  /// The label of a token that is not trained on.
  public static let ignored: Int32 = -100

  /// Token ids in order.
  public var tokens: [Int32]
  /// As many labels as tokens, lined up as transformers does: `labels[i]` is learnt at position i - 1, so the first is
  /// never used; `ignored` masks a position.
  public var labels: [Int32]

  /// Pairs tokens with their labels; a batch checks that they fit.
  public init(tokens: [Int32], labels: [Int32]) {
    self.tokens = tokens
    self.labels = labels
  }
}

/// A loss not yet divided, so that micro-batches add up.
public struct LossSum: Sendable, Equatable {
  /// Sum of -log p(label) over the label positions, in nats.
  public var sum: Double
  /// Number of label positions.
  public var count: Int

  /// A sum over `count` positions.
  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  /// Mean loss a label position; 0 without positions.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// Adds another micro-batch.
  public static func += (left: inout LossSum, right: LossSum) {
    left.sum += right.sum
    left.count += right.count
  }
}
