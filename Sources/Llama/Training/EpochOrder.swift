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

/// Steele, Lea and Flood's SplitMix64 generator: one 64-bit state, each seed a full period.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 to `bound` − 1, all equally likely (Lemire, "Fast random integer generation in an interval", 2019).
  mutating func next(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// A number in [0, 1) with 53 random bits.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
