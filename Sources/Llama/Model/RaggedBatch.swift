/// Sequences laid end to end without padding; each sees only itself. T tokens, R label rows.
struct RaggedBatch {
  /// Tokens a batch may have at most: far above what memory holds, so that sizes of buffers cannot overflow.
  static let limit = 1 << 24

  private(set) var tokens: [Int32] = []  // (T)
  private(set) var positions: [Int32] = []  // (T): place of the token in its own sequence
  private(set) var starts: [Int32] = [0]  // (sequences + 1)
  private(set) var rows: [Int32] = []  // (R): tokens whose successor has a label
  private(set) var labels: [Int32] = []  // (R)
  private(set) var longest = 0

  var count: Int { tokens.count }

  /// Checks the sequences against the model they are meant for.
  init(_ sequences: [TrainingSequence], _ config: LlamaConfig) throws(LlamaModelError) {
    for (index, sequence) in sequences.enumerated() {
      guard sequence.labels.count == sequence.tokens.count else {
        throw .invalidSequence(
          sequence: index, reason: "\(sequence.tokens.count) tokens have \(sequence.labels.count) labels")
      }
      try append(sequence.tokens, index, config)
      let first = Int(starts[index])
      for (place, label) in sequence.labels.enumerated() where label != TrainingSequence.ignored {
        guard label >= 0, Int(label) < config.vocabulary else {
          throw .invalidSequence(
            sequence: index,
            reason: "label \(label) at \(place) is not in the vocabulary of \(config.vocabulary)")
        }
        if place == 0 { continue }
        rows.append(Int32(first + place - 1))
        labels.append(label)
      }
    }
  }

  /// One sequence to be continued or scored at `rows`, without labels.
  init(tokens: [Int32], rows: [Int], _ config: LlamaConfig) throws(LlamaModelError) {
    try append(tokens, 0, config)
    for row in rows where row < 0 || row >= tokens.count {
      throw .invalidSequence(sequence: 0, reason: "position \(row) is not among its \(tokens.count) tokens")
    }
    self.rows = rows.map { Int32($0) }
  }

  private mutating func append(
    _ sequence: [Int32], _ index: Int, _ config: LlamaConfig
  ) throws(LlamaModelError) {
    guard !sequence.isEmpty else { throw .invalidSequence(sequence: index, reason: "it has no tokens") }
    guard sequence.count <= config.maxPositions else {
      throw .invalidSequence(
        sequence: index,
        reason: "\(sequence.count) tokens are more than the model's \(config.maxPositions) positions")
    }
    guard sequence.count <= config.longestSequence else {
      throw .invalidSequence(
        sequence: index,
        reason:
          "\(sequence.count) tokens are more than the model's sliding window of \(config.longestSequence),"
          + " which mdata does not cut attention to yet")
    }
    guard tokens.count + sequence.count <= Self.limit else {
      throw .invalidSequence(
        sequence: index, reason: "the batch grows beyond \(Self.limit) tokens: make smaller micro-batches")
    }
    for (place, token) in sequence.enumerated() where token < 0 || Int(token) >= config.vocabulary {
      throw .invalidSequence(
        sequence: index, reason: "token \(token) at \(place) is not in the vocabulary of \(config.vocabulary)"
      )
    }
    tokens.append(contentsOf: sequence)
    positions.append(contentsOf: 0..<Int32(sequence.count))
    starts.append(Int32(tokens.count))
    longest = max(longest, sequence.count)
  }
}
