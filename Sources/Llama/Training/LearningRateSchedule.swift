import Glibc

/// The learning rate of each step.
///
/// Source: transformers' `optimization.py`: `get_{cosine,linear,constant}_schedule_with_warmup`, with the Trainer's
/// rounding of the warm-up (up). As there, the first step of a warm-up has rate 0.
public struct LearningRateSchedule: Sendable, Equatable {
  /// What the rate does after the warm-up.
  public enum Shape: String, Sendable, CaseIterable {
    /// Falls to 0 along half a cosine.
    case cosine
    /// Falls to 0 along a line.
    case linear
    /// Stays.
    case constant
  }

  /// The highest rate.
  public var peak: Double
  /// What happens after the warm-up.
  public var shape: Shape
  /// Steps of the warm-up.
  public var warmup: Int
  /// All steps.
  public var total: Int

  /// A schedule over `total` steps.
  public init(peak: Double, shape: Shape, warmupRatio: Double, total: Int) {
    self.peak = peak
    self.shape = shape
    self.warmup = Int((Double(total) * warmupRatio).rounded(.up))
    self.total = total
  }

  /// The rate of a step, counted from 0.
  public func rate(_ step: Int) -> Double {
    if step < warmup { return peak * (Double(step) / Double(max(1, warmup))) }
    let progress = Double(step - warmup) / Double(max(1, total - warmup))
    switch shape {
    case .cosine: return peak * max(0, 0.5 * (1 + cos(Double.pi * progress)))
    case .linear: return peak * max(0, 1 - progress)
    case .constant: return peak
    }
  }
}
