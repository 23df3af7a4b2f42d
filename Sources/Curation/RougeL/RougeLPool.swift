internal import CKernels

/// Lists of tokens that others are compared with by ROUGE-L.
public final class RougeLPool: Sendable {
  /// How many lists it has.
  public let count: Int
  nonisolated(unsafe) let buckets: [ck_bucket]
  /// What the buckets point into.
  private let storage: any Sendable

  /// A pool of the lists in their order.
  /// - Parameter groups: for each list its group; only lists of equal groups are compared. Nil when all are of group 0.
  public init(_ lists: TokenLists, groups: [UInt32]? = nil) throws(RougeLError) {
    let groups = try lists.checkedGroups(groups)
    let storage = try GrowingPool()
    for item in 0..<lists.count {
      try storage.append(lists[item], number: UInt32(item), group: groups[item])
    }
    self.storage = storage
    buckets = Array(storage.buckets)
    count = lists.count
  }

  /// A pool over bytes that `owner` keeps in place.
  init(count: Int, buckets: [ck_bucket], owner: any Sendable) {
    self.count = count
    self.buckets = buckets
    storage = owner
  }
}

/// Owns lists in buckets of one length each.
final class GrowingPool: @unchecked Sendable {
  private let pool: OpaquePointer

  init() throws(RougeLError) {
    guard let pool = ck_token_pool_create() else { throw .outOfMemory }
    self.pool = pool
  }

  deinit { ck_token_pool_destroy(pool) }

  /// Numbers ascend.
  func append(_ list: ArraySlice<UInt32>, number: UInt32, group: UInt32) throws(RougeLError) {
    let added = list.withUnsafeBufferPointer {
      ck_token_pool_append(pool, $0.baseAddress, $0.count, number, group)
    }
    guard added == 0 else { throw .outOfMemory }
  }

  /// Removes lists numbered `first` and more that are not kept.
  func retain(from first: UInt32, kept: [Bool]) {
    kept.withUnsafeBytes { ck_token_pool_retain(pool, first, $0.bindMemory(to: UInt8.self).baseAddress) }
  }

  /// Valid until the pool changes.
  var buckets: UnsafeBufferPointer<ck_bucket> {
    var count = 0
    let buckets = ck_token_pool_buckets(pool, &count)
    return UnsafeBufferPointer(start: buckets, count: count)
  }
}

extension TokenLists {
  /// Groups for each list; lists and numbers that kernels can take.
  func checkedGroups(_ groups: [UInt32]?) throws(RougeLError) -> [UInt32] {
    guard count < Int(UInt32.max) - 1 else { throw .tooMany }
    guard let groups else { return [UInt32](repeating: 0, count: count) }
    guard groups.count == count else { throw .groups(groups.count, lists: count) }
    return groups
  }
}
