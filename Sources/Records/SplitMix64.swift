/// Steele, Lea and Flood's SplitMix64 generator (2014): one 64-bit state, each seed a full period, the same numbers on
/// every run and every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator whose numbers the seed decides.
  public init(seed: UInt64) { state = seed }

  /// 64 bits, all equally likely.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 to `bound` − 1, all equally likely (Lemire, "Fast random integer generation in an interval", 2019).
  ///
  /// Unlike the standard library's way from bits to a number, this one is fixed: orders of examples depend on it.
  public mutating func next(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }
}
