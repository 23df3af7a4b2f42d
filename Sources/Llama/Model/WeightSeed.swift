/// Normally distributed numbers from a seed, the same on every machine.
///
/// SplitMix64 (Steele, Lea, Flood, 2014) gives the bits; a normal value is the sum of twelve uniform ones less six, which
/// needs only integers, so no mathematics library can change a bit. Its tails end at six standard deviations.
struct NormalSequence {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next value with this standard deviation around 0.
  mutating func next(deviation: Float) -> Float {
    var sum: UInt64 = 0
    for _ in 0..<6 {
      let two = bits()
      sum += (two >> 32) + (two & 0xFFFF_FFFF)
    }
    return Float((Double(sum) / 4_294_967_296 - 6) * Double(deviation))
  }
}
