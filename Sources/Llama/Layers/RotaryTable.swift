import Glibc

/// Cosines and sines of the rotary angles, for as many positions as the longest sequence so far.
///
/// Angles are rounded to single precision as transformers' are. Source: Su et al., "RoFormer" (arXiv:2104.09864).
struct RotaryTable {
  private(set) var cosines: [Float] = []  // (positions, headDim / 2)
  private(set) var sines: [Float] = []  // (positions, headDim / 2)
  private let frequencies: [Float]  // (headDim / 2)
  private let amplitude: Float
  private var positions = 0

  init(_ config: LlamaConfig) {
    frequencies = config.ropeScaling.frequencies(headDim: config.headDim, theta: config.ropeTheta)
    amplitude = config.ropeScaling.amplitude
  }

  /// Fills the table up to `count` positions.
  mutating func reserve(positions count: Int) {
    guard count > positions else { return }
    for position in positions..<count {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        cosines.append(Float(cos(angle)) * amplitude)
        sines.append(Float(sin(angle)) * amplitude)
      }
    }
    positions = count
  }
}
