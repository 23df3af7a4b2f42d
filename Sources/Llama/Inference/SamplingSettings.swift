import Records

/// How the next token is chosen from a model's logits.
public struct SamplingSettings: Sendable, Equatable {
  /// What logits are divided by; 0 always takes the likeliest token.
  public var temperature: Double
  /// Only the so many likeliest tokens are drawn from; 0 for all.
  public var topK: Int
  /// Only the likeliest tokens that together reach this probability are drawn from; 1 for all.
  public var topP: Double
  /// Where the drawing begins.
  public var seed: UInt64

  /// The likeliest token, always.
  public static let greedy = SamplingSettings(temperature: 0, topK: 0, topP: 1)

  /// Settings; the values are those of llama.cpp unless given.
  public init(temperature: Double = 0.8, topK: Int = 40, topP: Double = 0.95, seed: UInt64 = 0) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }

  /// The first value out of range, or nil.
  public var problem: String? {
    guard temperature >= 0, temperature <= 100 else { return "the temperature must be from 0 to 100" }
    guard topK >= 0 else { return "top-k must be at least 0" }
    guard topP > 0, topP <= 1 else { return "top-p must be above 0 and at most 1" }
    return nil
  }

  /// The settings of one of several streams: each draws from a seed of its own, which depends on nothing else.
  public func row(_ number: Int) -> SamplingSettings {
    var settings = self
    var mixed = SplitMix64(seed: seed)
    // Neighbouring seeds of SplitMix64 give the same numbers shifted by one, so the number goes through it once more.
    var row = SplitMix64(seed: mixed.next() ^ UInt64(truncatingIfNeeded: number))
    settings.seed = row.next()
    return settings
  }
}
