internal import CKernels

/// Instruction sets the kernels have code for.
enum RougeLPath: CaseIterable {
  case best, portable, avx2, avx512

  var isa: ck_isa {
    switch self {
    case .best: CK_BEST
    case .portable: CK_PORTABLE
    case .avx2: CK_AVX2
    case .avx512: CK_AVX512
    }
  }
}

/// Owns the threads and scratch memory of comparisons.
final class RougeLKernels {
  private let similarity: OpaquePointer

  /// Fails where this processor has not the instruction set.
  init(threads: Int, path: RougeLPath = .best) throws(RougeLError) {
    guard let similarity = ck_similarity_create(Int32(clamping: max(1, threads)), path.isa) else {
      throw .outOfMemory
    }
    self.similarity = similarity
  }

  deinit { ck_similarity_destroy(similarity) }

  /// Which lists a call is about.
  struct Queries {
    let lists: TokenLists
    let groups: [UInt32]
    let range: Range<Int>
    /// The number of list 0.
    let base: Int
    /// Lists of smaller numbers are compared with every query, others with later ones only.
    let settled: Int
  }

  struct Pending {
    let query: Int
    let match: ck_match
  }

  /// For each query the best settled list above the threshold, and by query the others above it.
  func search(
    _ queries: Queries, in buckets: [ck_bucket], threshold: Double
  ) throws(RougeLError) -> (best: [ck_match], pending: [Pending]) {
    var best = [ck_match](repeating: ck_match(), count: queries.range.count)
    let result = queries.withKernelType {
      ck_similarity_search(similarity, buckets, buckets.count, $0, threshold, &best)
    }
    guard result == 0 else { throw .outOfMemory }
    return withExtendedLifetime(self) {
      var count = 0
      let pending = UnsafeBufferPointer(start: ck_similarity_pending(similarity, &count), count: count)
      return (best, pending.map { Pending(query: Int($0.query), match: $0.match) })
    }
  }

  /// For each query its nearest lists, sums of scores and how many were compared.
  func rows(
    _ queries: Queries, in buckets: [ck_bucket], places: Int, sums: Bool
  ) throws(RougeLError) -> (nearest: [ck_match], totals: [Double], compared: [UInt64]) {
    let count = queries.range.count
    guard !count.multipliedReportingOverflow(by: places).overflow else { throw .outOfMemory }
    var nearest = [ck_match](repeating: ck_match(), count: count * places)
    var totals = [Double](repeating: 0, count: sums ? count : 0)
    var compared = [UInt64](repeating: 0, count: sums ? count : 0)
    let result = queries.withKernelType { queries in
      sums
        ? ck_similarity_rows(
          similarity, buckets, buckets.count, queries, places, &nearest, &totals, &compared)
        : ck_similarity_rows(similarity, buckets, buckets.count, queries, places, &nearest, nil, nil)
    }
    guard result == 0 else { throw .outOfMemory }
    return (nearest, totals, compared)
  }
}

extension RougeLKernels.Queries {
  fileprivate func withKernelType<Result>(_ body: (ck_queries) -> Result) -> Result {
    lists.ids.withUnsafeBufferPointer { ids in
      lists.offsets.withUnsafeBufferPointer { offsets in
        groups.withUnsafeBufferPointer { groups in
          // An array without elements may have no address; kernels read nothing of it then.
          body(
            ck_queries(
              count: range.count, tokens: ids.baseAddress,
              offsets: offsets.baseAddress.map { $0 + range.lowerBound },
              groups: groups.baseAddress.map { $0 + range.lowerBound },
              first: UInt32(base + range.lowerBound),
              settled: UInt32(settled)))
        }
      }
    }
  }
}
