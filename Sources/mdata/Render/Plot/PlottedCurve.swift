import Records
import Workbench

/// A line of a drawing: a measure over the steps of a training.
struct PlottedCurve {
  /// A stretch of neighbouring steps: what one column of a drawing shows.
  struct Stretch {
    /// Mean of the steps.
    var step: Double
    /// Mean, least and greatest value.
    var mean: Double
    var least: Double
    var greatest: Double
  }

  /// What it is called in a legend.
  let name: String
  /// Which colour and letter it has, from 0.
  let number: Int
  /// Ascending by step; every value is finite.
  let points: [(step: Int, value: Double)]

  /// - Parameter value: what is drawn of a step; steps without a finite one are left out.
  init(_ curve: RunCurve, named name: String, number: Int = 0, _ value: (MetricsLine) -> Double?) {
    self.name = name
    self.number = number
    points = curve.points.compactMap { point in
      value(point).flatMap { $0.isFinite ? (point.step, $0) : nil }
    }
  }

  /// The losses of held-out records; nil when there are none.
  init?(heldOut curve: RunCurve, number: Int) {
    guard !curve.heldOut.isEmpty else { return nil }
    name = "held out"
    self.number = number
    points = curve.heldOut.filter(\.loss.isFinite).map { ($0.step, $0.loss) }
  }

  /// The letter of a curve where there are no colours.
  var letter: String { String(UnicodeScalar(UInt8(ascii: "A") + UInt8(number % 26))) }

  /// The curve in at most `count` stretches of equal length over the steps of an axis. Empty ones are left out.
  func stretches(_ count: Int, over axis: AxisScale) -> [Stretch] {
    var stretches: [Stretch] = []
    var (place, held) = (-1, 0.0)
    for (step, value) in points {
      let at = min(count - 1, Int(axis.place(Double(step)) * Double(count)))
      if at != place {
        stretches.append(Stretch(step: Double(step), mean: value, least: value, greatest: value))
        (place, held) = (at, 1)
        continue
      }
      held += 1
      let last = stretches.count - 1
      stretches[last].step += (Double(step) - stretches[last].step) / held
      // The difference of two halves cannot become infinite.
      stretches[last].mean += 2 * ((value / 2 - stretches[last].mean / 2) / held)
      stretches[last].least = min(stretches[last].least, value)
      stretches[last].greatest = max(stretches[last].greatest, value)
    }
    return stretches
  }
}

/// Curves with the axes they share.
struct PlottedCurves {
  let curves: [PlottedCurve]
  let steps: AxisScale
  let values: AxisScale

  /// Nil when there is nothing to draw.
  ///
  /// - Parameters:
  ///   - columns: about how many numbers stand at the axis of the steps.
  ///   - rows: about how many stand at the other one.
  init?(_ curves: [PlottedCurve], columns: Int, rows: Int) {
    let points = curves.lazy.flatMap(\.points)
    guard let one = points.first else { return nil }
    var (steps, values) = (one.step...one.step, one.value...one.value)
    for (step, value) in points {
      steps = min(steps.lowerBound, step)...max(steps.upperBound, step)
      values = min(values.lowerBound, value)...max(values.upperBound, value)
    }
    self.curves = curves.filter { !$0.points.isEmpty }
    self.steps = AxisScale(
      Double(steps.lowerBound)...Double(steps.upperBound), about: columns, isWhole: true)
    self.values = AxisScale(values, about: rows)
  }
}
