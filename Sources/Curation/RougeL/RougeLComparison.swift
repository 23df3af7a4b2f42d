internal import CKernels

/// New lists beside known ones, in one numbering: the known ones first.
struct RougeLComparison {
  private let kernels: RougeLKernels
  let lists: TokenLists
  let groups: [UInt32]
  private let known: [RougeLPool]
  private let knownBuckets: [ck_bucket]
  /// The number of new list 0.
  let base: Int

  init(
    kernels: RougeLKernels, lists: TokenLists, groups: [UInt32], known: [RougeLPool]
  ) throws(RougeLError) {
    self.kernels = kernels
    self.lists = lists
    self.groups = groups
    self.known = known
    var buckets: [ck_bucket] = []
    var base = 0
    for pool in known {
      guard pool.count < Int(UInt32.max) - base else { throw .tooMany }
      for var bucket in pool.buckets {
        bucket.first += UInt32(base)
        buckets.append(bucket)
      }
      base += pool.count
    }
    guard lists.count < Int(UInt32.max) - 1 - base else { throw .tooMany }
    self.base = base
    knownBuckets = buckets
  }

  func append(_ item: Int, to pool: GrowingPool) throws(RougeLError) {
    try pool.append(lists[item], number: UInt32(base + item), group: groups[item])
  }

  /// For each new list of a range its best list above the threshold; see ``RougeLKernels/search(_:in:threshold:)``.
  ///
  /// - Parameters:
  ///   - settled: new lists before it are compared with every one of the range, others with later ones.
  ///   - pool: the new lists that are compared with.
  func search(
    _ range: Range<Int>, settled: Int, in pool: GrowingPool, threshold: Double
  ) throws(RougeLError) -> (best: [ck_match], pending: [RougeLKernels.Pending]) {
    try withBuckets(of: pool) { buckets throws(RougeLError) in
      try kernels.search(queries(range, settled), in: buckets, threshold: threshold)
    }
  }

  /// For each new list of a range its nearest lists and sums; see ``RougeLKernels/rows(_:in:places:sums:)``.
  func rows(
    _ range: Range<Int>, settled: Int, in pool: GrowingPool, places: Int, sums: Bool
  ) throws(RougeLError) -> (nearest: [ck_match], totals: [Double], compared: [UInt64]) {
    try withBuckets(of: pool) { buckets throws(RougeLError) in
      try kernels.rows(queries(range, settled), in: buckets, places: places, sums: sums)
    }
  }

  private func queries(_ range: Range<Int>, _ settled: Int) -> RougeLKernels.Queries {
    RougeLKernels.Queries(lists: lists, groups: groups, range: range, base: base, settled: base + settled)
  }

  /// All buckets, the shortest first, while their memory is there.
  private func withBuckets<Result>(
    of pool: GrowingPool, _ body: ([ck_bucket]) throws(RougeLError) -> Result
  ) throws(RougeLError) -> Result {
    var buckets = knownBuckets
    buckets.append(contentsOf: pool.buckets)
    if !knownBuckets.isEmpty {
      buckets.sort { ($0.length, $0.first) < ($1.length, $1.first) }
    }
    return try withExtendedLifetime((known, pool)) { () throws(RougeLError) in try body(buckets) }
  }

  func neighbour(_ match: ck_match) -> RougeLNeighbour? {
    guard match.number != CK_NOBODY else { return nil }
    let number = Int(match.number)
    return RougeLNeighbour(item: number < base ? .known(number) : .new(number - base), score: match.score)
  }
}
