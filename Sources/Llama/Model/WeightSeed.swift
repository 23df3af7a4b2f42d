import Records

/// Normally distributed numbers from a seed, the same on every machine.
///
/// SplitMix64 (Steele, Lea, Flood, 2014) gives the bits; a normal value is the sum of twelve uniform ones less six, which
/// needs only integers, so no mathematics library can change a bit. Its tails end at six standard deviations.
struct NormalSequence {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// The next value with this standard deviation around 0.
  mutating func next(deviation: Float) -> Float {
    var sum: UInt64 = 0
    for _ in 0..<6 {
      let two = random.next()
      sum += (two >> 32) + (two & 0xFFFF_FFFF)
    }
    return Float((Double(sum) / 4_294_967_296 - 6) * Double(deviation))
  }
}
