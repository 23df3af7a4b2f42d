public import Records

/// What the steps of a training were like, as its `metrics.jsonl` has them.
public struct RunCurve: Sendable {
  /// In the order of the steps.
  public internal(set) var points: [MetricsLine] = []
  /// Losses of held-out records after so many steps, ascending.
  public internal(set) var heldOut: [(step: Int, loss: Double)] = []
  /// Whether the last line is cut off, as while it is being written, or after the process was killed.
  public internal(set) var isTorn = false

  /// A curve of these steps, in the order in which they were made.
  public init(_ points: [MetricsLine] = []) {
    for point in points { add(point) }
  }

  /// Adds a step. A training that goes on from an earlier state makes some steps again: those that it left are
  /// forgotten, so that each step is there once.
  mutating func add(_ point: MetricsLine) {
    while let last = points.last, last.step >= point.step { points.removeLast() }
    while let last = heldOut.last, last.step >= point.step { heldOut.removeLast() }
    points.append(point)
  }

  /// Adds a step or a measurement.
  mutating func add(_ entry: MetricsEntry) {
    switch entry {
    case .step(let point): add(point)
    case .heldOut(let step, let loss):
      while let last = heldOut.last, last.step >= step { heldOut.removeLast() }
      heldOut.append((step, loss))
    }
  }

  /// The step with the least loss, the first of equal ones; nil when no loss is a number.
  public var best: MetricsLine? {
    points.lazy.filter { $0.loss.isFinite }.min { $0.loss < $1.loss }
  }

  /// The first step whose loss is not a number; nil when training did not diverge.
  public var divergence: Int? { points.first { !$0.loss.isFinite }?.step }

  /// Tokens a second over all steps that say how many tokens they had and how long they took; nil when none does.
  public var tokensPerSecond: Double? {
    var (tokens, seconds) = (0.0, 0.0)
    for point in points {
      guard let some = point.tokens, let time = point.seconds else { continue }
      tokens += Double(some)
      seconds += time
    }
    return seconds > 0 && seconds.isFinite ? tokens / seconds : nil
  }

  /// The loss of a step; nil when it is not there. Takes logarithmic time.
  public func loss(at step: Int) -> Double? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].step < step { low = middle + 1 } else { high = middle }
    }
    return low < points.count && points[low].step == step ? points[low].loss : nil
  }
}
