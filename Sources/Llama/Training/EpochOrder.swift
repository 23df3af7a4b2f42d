import Records

/// The order of the examples in each epoch: a function of the seed, the epoch and their number only.
///
/// Fisher-Yates from the end; the numbers come from SplitMix64 seeded with `seed + epoch · 0x9E3779B97F4A7C15`,
/// reduced without bias by Lemire's multiplication.
public struct EpochOrder: Sendable {
  /// Decides all orders.
  public var seed: UInt64
  /// Number of examples.
  public var count: Int

  /// Orders of `count` examples.
  public init(seed: UInt64, count: Int) {
    self.seed = seed
    self.count = count
  }

  /// The examples' indices in the order of an epoch, counted from 0.
  public func indices(epoch: Int) -> [Int] {
    var random = SplitMix64(seed: seed &+ UInt64(epoch) &* 0x9E37_79B9_7F4A_7C15)
    var indices = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      indices.swapAt(last, Int(random.next(below: UInt64(last + 1))))
    }
    return indices
  }
}
