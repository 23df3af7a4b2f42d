import Glibc

/// How the rotary frequencies of a model differ from the plain ones, so that it reads longer texts than it began with.
///
/// Source: `modeling_rope_utils.py` of transformers, whose numbers these are.
public enum RopeScaling: Sendable, Equatable {
  /// Plain rotary positions.
  case none
  /// Every frequency divided by a factor. Source: Chen et al., 2023 (arXiv:2306.15595).
  case linear(factor: Double)
  /// A base that grows with the length of a text beyond `maxPositions`. Up to there it is plain, and no longer sequence
  /// is taken, so it changes nothing but what is written to config.json.
  case dynamic(factor: Double)
  /// Slow frequencies divided by the factor, fast ones kept, those between them mixed (LLaMA 3.1).
  case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalPositions: Int)
  /// The same by a ramp over the dimensions, with cosines and sines scaled. Source: Peng et al., 2023 (arXiv:2309.00071).
  case yarn(YarnScaling)
  /// Each frequency divided by a factor of its own, as `rope_freqs.weight` of a GGUF file gives them (headDim / 2).
  case factors([Float])
}

/// The numbers of YaRN.
public struct YarnScaling: Sendable, Equatable {
  /// By how much longer texts are.
  public var factor: Double
  /// The longest text before.
  public var originalPositions: Int
  /// Turns over the original length above which a dimension keeps its frequency.
  public var betaFast: Double
  /// Turns below which a dimension is divided by the whole factor.
  public var betaSlow: Double
  /// Whether the ramp's ends are rounded to whole dimensions.
  public var truncates: Bool
  /// What cosines and sines are multiplied by.
  public var attentionFactor: Double

  /// The numbers; `attentionFactor` is the paper's 0.1 ln(factor) + 1 unless given.
  public init(
    factor: Double, originalPositions: Int, betaFast: Double = 32, betaSlow: Double = 1,
    truncates: Bool = true,
    attentionFactor: Double? = nil
  ) {
    self.factor = factor
    self.originalPositions = originalPositions
    self.betaFast = betaFast
    self.betaSlow = betaSlow
    self.truncates = truncates
    self.attentionFactor = attentionFactor ?? Self.scale(factor)
  }

  /// 0.1 m ln(factor) + 1, or 1 for texts that are not longer.
  static func scale(_ factor: Double, _ m: Double = 1) -> Double {
    factor <= 1 ? 1 : 0.1 * m * log(factor) + 1
  }
}

extension RopeScaling {
  /// The frequencies (headDim / 2), rounded to single precision where transformers rounds.
  func frequencies(headDim: Int, theta: Double) -> [Float] {
    let plain = (0..<headDim / 2).map { 1 / Float(pow(theta, Double(2 * $0) / Double(headDim))) }
    switch self {
    case .none, .dynamic: return plain
    case .linear(let factor): return plain.map { $0 / Float(factor) }
    case .factors(let factors): return zip(plain, factors).map { $0 / $1 }
    case .llama3(let factor, let low, let high, let positions):
      return plain.map { frequency in
        let (length, factor) = (Float(positions), Float(factor))
        let wave = Float(2 * Double.pi) / frequency
        if wave > length / Float(low) { return frequency / factor }
        if wave < length / Float(high) { return frequency }
        let smooth = (length / wave - Float(low)) / Float(high - low)
        return (1 - smooth) * frequency / factor + smooth * frequency
      }
    case .yarn(let yarn):
      let (low, high) = yarn.ramp(headDim: headDim, theta: theta)
      return plain.enumerated().map { index, frequency in
        let slow = min(max((Float(index) - Float(low)) / Float(high - low), 0), 1)
        let keep = 1 - slow
        return frequency / Float(yarn.factor) * (1 - keep) + frequency * keep
      }
    }
  }

  /// What cosines and sines are multiplied by.
  var amplitude: Float {
    if case .yarn(let yarn) = self { Float(yarn.attentionFactor) } else { 1 }
  }

  /// The first number that cannot be, or nil.
  func complaint(headDim: Int) -> String? {
    func isFactor(_ value: Double) -> Bool { value.isFinite && value > 0 && value <= 1e6 }
    switch self {
    case .none: return nil
    case .linear(let factor), .dynamic(let factor):
      return isFactor(factor) ? nil : "the rotary factor is \(factor); it must be positive"
    case .llama3(let factor, let low, let high, let positions):
      guard isFactor(factor) else { return "the rotary factor is \(factor); it must be positive" }
      guard isFactor(low), isFactor(high), low < high else {
        return
          "the rotary frequency factors are \(low) and \(high); the low one must be positive and the smaller"
      }
      return positions > 0 ? nil : "the rotary original length is \(positions); it must be positive"
    case .yarn(let yarn):
      guard isFactor(yarn.factor) else { return "the rotary factor is \(yarn.factor); it must be positive" }
      guard isFactor(yarn.betaFast), isFactor(yarn.betaSlow), yarn.betaSlow < yarn.betaFast else {
        return
          "beta slow is \(yarn.betaSlow) and beta fast \(yarn.betaFast); the slow one must be the smaller"
      }
      guard isFactor(yarn.attentionFactor) else {
        return "the attention factor is \(yarn.attentionFactor); it must be positive"
      }
      return yarn.originalPositions > 0 ? nil : "the rotary original length is \(yarn.originalPositions)"
    case .factors(let factors):
      guard factors.count == headDim / 2 else {
        return "there are \(factors.count) rotary factors for \(headDim / 2) frequencies"
      }
      guard let bad = factors.first(where: { !isFactor(Double($0)) }) else { return nil }
      return "a rotary factor is \(bad); they must be positive"
    }
  }
}

extension YarnScaling {
  /// The dimensions between which frequencies are mixed.
  fileprivate func ramp(headDim: Int, theta: Double) -> (low: Double, high: Double) {
    func dimension(turns: Double) -> Double {
      Double(headDim) * log(Double(originalPositions) / (turns * 2 * Double.pi)) / (2 * log(theta))
    }
    var (low, high) = (dimension(turns: betaFast), dimension(turns: betaSlow))
    if truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
    low = max(low, 0)
    high = min(high, Double(headDim - 1))
    return (low, low == high ? high + 0.001 : high)
  }
}
