internal import CKernels

/// Leaves out lists that are too much alike to others by ROUGE-L.
///
/// Decisions are those of comparing one after another with rouge-score, bit for bit, for any number of threads.
public struct RougeLFilter: Sendable {
  /// A list goes when an F is above this.
  public let threshold: Double
  public let policy: RougeLPolicy
  /// How many threads compare.
  public let threads: Int
  let path: RougeLPath
  let block: Int

  /// - Throws: ``RougeLError/threshold(_:)`` for a threshold that is not from 0 to 1.
  public init(threshold: Double = 0.7, policy: RougeLPolicy = .greedy, threads: Int = 1) throws(RougeLError) {
    try self.init(threshold: threshold, policy: policy, threads: threads, path: .best)
  }

  /// - Parameter block: how many lists are compared before it is decided which of them stay.
  init(
    threshold: Double, policy: RougeLPolicy, threads: Int, path: RougeLPath, block: Int = 1024
  ) throws(RougeLError) {
    guard threshold >= 0, threshold <= 1 else { throw .threshold(threshold) }
    self.threshold = threshold
    self.policy = policy
    self.threads = threads
    self.path = path
    self.block = block
  }

  /// One decision for each list, in their order. Lists without tokens are alike to nothing and stay.
  ///
  /// - Parameters:
  ///   - groups: for each list its group; only lists of equal groups are compared. Nil when all are of group 0.
  ///   - known: lists that new ones are compared with and that stay whatever comes.
  /// - Throws: ``RougeLError``.
  public func decisions(
    on lists: TokenLists, groups: [UInt32]? = nil, known: [RougeLPool] = []
  ) throws(RougeLError) -> [RougeLDecision] {
    let groups = try lists.checkedGroups(groups)
    let comparison = try RougeLComparison(
      kernels: RougeLKernels(threads: threads, path: path), lists: lists, groups: groups, known: known)
    switch policy {
    case .greedy: return try greedy(comparison)
    case .isolated, .known: return try isolated(comparison)
    }
  }

  /// Below it signatures rule little out, and comparing all with all is faster. (A greedy filter keeps few lists then.)
  private static let weak = 0.4

  private func isolated(_ comparison: RougeLComparison) throws(RougeLError) -> [RougeLDecision] {
    let all = 0..<comparison.lists.count
    let pool = try GrowingPool()
    if policy == .isolated { for item in all { try comparison.append(item, to: pool) } }
    let best =
      threshold < Self.weak
      ? try comparison.rows(all, settled: all.upperBound, in: pool, places: 1, sums: false).nearest
      : try comparison.search(all, settled: all.upperBound, in: pool, threshold: threshold).best
    return best.map { RougeLDecision(nearest: $0.score > threshold ? comparison.neighbour($0) : nil) }
  }

  /// A block of lists is compared with those that stay and with each other, on all threads; then it is decided one after
  /// another which of the block stay.
  private func greedy(_ comparison: RougeLComparison) throws(RougeLError) -> [RougeLDecision] {
    var decisions: [RougeLDecision] = []
    decisions.reserveCapacity(comparison.lists.count)
    let pool = try GrowingPool()
    for start in stride(from: 0, to: comparison.lists.count, by: block) {
      let range = start..<min(start + block, comparison.lists.count)
      for item in range { try comparison.append(item, to: pool) }
      let found = try comparison.search(range, settled: start, in: pool, threshold: threshold)
      var kept: [Bool] = []
      var pending = found.pending[...]
      for (query, settled) in found.best.enumerated() {
        var best = settled
        while let next = pending.first, next.query == query {
          pending.removeFirst()
          // They come by number, after every settled list.
          if kept[Int(next.match.number) - comparison.base - start], next.match.score > best.score {
            best = next.match
          }
        }
        kept.append(best.number == CK_NOBODY)
        decisions.append(RougeLDecision(nearest: comparison.neighbour(best)))
      }
      pool.retain(from: UInt32(comparison.base + start), kept: kept)
    }
    return decisions
  }
}
