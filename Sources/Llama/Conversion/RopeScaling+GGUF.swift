import Glibc

extension RopeScaling {
  /// What a GGUF file holds in `rope_freqs.weight`; nil where it needs none.
  ///
  /// Source: `LlamaModel.generate_extra_tensors` of llama.cpp's `convert_hf_to_gguf.py`.
  func storedFactors(headDim: Int, theta: Double) -> [Float]? {
    switch self {
    case .none, .linear, .dynamic, .yarn: return nil
    case .factors(let factors): return factors
    case .llama3(let factor, let low, let high, let positions):
      return (0..<headDim / 2).map { index in
        let frequency = 1 / Float(pow(theta, Double(2 * index) / Double(headDim)))
        let wave = 2 * Double.pi / Double(frequency)
        if wave < Double(positions) / high { return 1 }
        if wave > Double(positions) / low { return Float(factor) }
        let smooth = (Double(positions) / wave - low) / (high - low)
        return Float(1 / ((1 - smooth) / factor + smooth))
      }
    }
  }

  /// The same scaling as config.json can name it: factors of a GGUF file are those of LLaMA 3.1 or have no name.
  func named(_ path: String, headDim: Int, theta: Double) throws -> RopeScaling {
    guard case .factors(let factors) = self else { return self }
    if factors.allSatisfy({ $0 == 1 }) { return .none }
    // Every LLaMA since 3.1 has these three numbers; the factor is that of the slowest frequency.
    let guess = RopeScaling.llama3(
      factor: Double(factors.last ?? 1), lowFrequency: 1, highFrequency: 4, originalPositions: 8192)
    let expected = guess.storedFactors(headDim: headDim, theta: theta) ?? []
    let agrees = zip(expected, factors).allSatisfy { abs($0 - $1) <= 1e-5 * $0 }
    guard agrees, expected.count == factors.count else {
      throw ModelConversionError.ropeScaling(
        path: path, reason: "have factors in \(GGUFTensorName.rotaryFactors) that config.json has no name for"
      )
    }
    return guess
  }
}
