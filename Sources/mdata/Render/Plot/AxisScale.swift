import Glibc

/// An axis of a drawing: the numbers that are written at it, and where a value lies between its ends.
///
/// The distance of the numbers is 1, 2 or 5 times a power of ten, after P. Heckbert, "Nice Numbers for Graph Labels"
/// (Graphics Gems, 1990).
struct AxisScale {
  /// The numbers at the axis, in ascending order, all of them between its ends.
  let ticks: [Double]
  private let step: Double
  private let low: Double
  private let high: Double

  /// - Parameters:
  ///   - range: of the values, which are finite. They reach from one end to the other.
  ///   - count: about how many numbers there shall be, at least 2.
  ///   - isWhole: whether values are whole numbers, such as steps.
  init(_ range: ClosedRange<Double>, about count: Int, isWhole: Bool = false) {
    // Far beyond what is measured, and still far from where sums become infinite.
    var (low, high) = (max(-1e300, min(1e300, range.lowerBound)), min(1e300, max(-1e300, range.upperBound)))
    // Values that differ by less than doubles can tell apart lie in the middle of an axis.
    let least = max(max(abs(low), abs(high)) * 1e-9, 1e-280)
    if high - low <= least {
      let room = isWhole ? 1 : max(least * 1e6, 1e-9)
      (low, high) = (low - room, high + room)
    }
    let nice = Self.nice((high - low) / Double(max(1, count - 1)))
    let step = isWhole ? max(1, nice) : nice
    let first = (low / step - 1e-9).rounded(.up)
    let last = min(first + 1000, (high / step + 1e-9).rounded(.down))
    ticks = first <= last ? (0...Int(last - first)).map { (first + Double($0)) * step } : [low]
    (self.step, self.low, self.high) = (step, low, high)
  }

  /// The nearest of 1, 2, 5 and 10 times a power of ten that is not less.
  private static func nice(_ value: Double) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    let share = value / power
    for nice in [1.0, 2, 5] where share <= nice * 1.000_001 { return nice * power }
    return 10 * power
  }

  /// Where a value lies, from 0 to 1.
  func place(_ value: Double) -> Double {
    min(1, max(0, (value - low) / (high - low)))
  }

  /// A number at the axis, with as many decimals as tell it from its neighbours.
  func label(_ value: Double) -> String {
    let most = max(abs(low), abs(high))
    guard most < 1e7, step >= 1e-4 else { return Self.scientific(value) }
    let decimals = step >= 1 ? 0 : Int((-log10(step) - 1e-9).rounded(.up))
    return decimals == 0 ? Int(value.rounded()).grouped : value.fixed(decimals)
  }

  /// `2.5e-5`: short where there are many noughts.
  private static func scientific(_ value: Double) -> String {
    guard abs(value) > 1e-300 else { return "0" }
    let power = Int(log10(abs(value) * 1.000_000_1).rounded(.down))
    return (value / pow(10, Double(power))).fixed(2).trimmingSuffix { $0 == "0" }.trimmingSuffix { $0 == "." }
      + "e\(power)"
  }
}
