internal import CKernels

/// Finds every two lists that are alike by ROUGE-L.
public struct RougeLJoin: Sendable {
  /// Each couple once, with its F-measure, in the order of the later one and then of the earlier one.
  public let links: [DuplicateLink]

  /// - Parameters:
  ///   - lists: those without tokens are alike to nothing.
  ///   - threshold: an F above this makes two alike; from 0 to 1.
  ///   - threads: how many compare; the links do not depend on it.
  /// - Throws: ``RougeLError``.
  public init(_ lists: TokenLists, threshold: Double, threads: Int = 1) throws(RougeLError) {
    guard threshold >= 0, threshold <= 1 else { throw .threshold(threshold) }
    let comparison = try RougeLComparison(
      kernels: RougeLKernels(threads: threads), lists: lists, groups: lists.checkedGroups(nil), known: [])
    let pool = try GrowingPool()
    for item in 0..<lists.count { try comparison.append(item, to: pool) }
    // None is settled, so each is compared with all before it and nothing is left out for having a better one.
    links = try comparison.search(0..<lists.count, settled: 0, in: pool, threshold: threshold).pending.map {
      DuplicateLink(Int($0.match.number), $0.query, score: $0.match.score)
    }
  }
}
