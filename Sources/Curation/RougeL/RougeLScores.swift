internal import CKernels

/// How alike each list is to those the filter compares it with, whether it stays or not.
public struct RougeLScores: Sendable {
  /// For each list the lists with the highest F, the best first; of equal ones the first, known ones before new ones. Fewer
  /// where fewer have an F above 0. Alpaca's `most_similar_instructions`.
  public let nearest: [[RougeLNeighbour]]
  /// For each list the mean of all F, nil where there was nothing to compare it with. Alpaca's `avg_similarity_score`.
  /// Empty when means were not asked for.
  public let means: [Double?]
}

extension RougeLFilter {
  /// Scores of lists that have been decided on: with ``RougeLPolicy/greedy``, each is compared with the known ones and those
  /// before it that stay; with ``RougeLPolicy/isolated``, with the known ones and all others.
  ///
  /// No two scores are kept at a time: time grows with the square of the lists, memory does not.
  ///
  /// - Parameters:
  ///   - neighbours: how many of the nearest are told of each.
  ///   - means: whether to add up all scores. Without, what cannot be near is passed over.
  /// - Throws: ``RougeLError``.
  public func scores(
    of lists: TokenLists, decisions: [RougeLDecision], groups: [UInt32]? = nil, known: [RougeLPool] = [],
    neighbours: Int = 10, means: Bool = true
  ) throws(RougeLError) -> RougeLScores {
    let groups = try lists.checkedGroups(groups)
    guard decisions.count == lists.count else { throw .decisions(decisions.count, lists: lists.count) }
    let comparison = try RougeLComparison(
      kernels: RougeLKernels(threads: threads, path: path), lists: lists, groups: groups, known: known)
    let pool = try GrowingPool()
    let places = max(0, neighbours)
    var nearest: [[RougeLNeighbour]] = []
    var averages: [Double?] = []
    // All that is in the pool before a block is compared without looking at numbers, so blocks are large.
    let step = policy == .greedy ? 2 * block : max(1, lists.count)
    for start in stride(from: 0, to: lists.count, by: step) {
      let range = start..<min(start + step, lists.count)
      for item in range where policy == .isolated || policy == .greedy && decisions[item].isKept {
        try comparison.append(item, to: pool)
      }
      let settled = policy == .greedy ? start : range.upperBound
      let rows = try comparison.rows(range, settled: settled, in: pool, places: places, sums: means)
      for query in 0..<range.count {
        let matches = rows.nearest[query * places..<(query + 1) * places]
        nearest.append(matches.compactMap { comparison.neighbour($0) })
        if means {
          let compared = rows.compared[query]
          averages.append(compared == 0 ? nil : rows.totals[query] / Double(compared))
        }
      }
    }
    return RougeLScores(nearest: nearest, means: averages)
  }
}
