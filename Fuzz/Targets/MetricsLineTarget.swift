import Records

extension FuzzTarget {
  /// A line of `metrics.jsonl`: numbers that can be drawn, or a reason.
  static let metricsLine = FuzzTarget("metrics-line", longest: 1024) { input in
    let read: MetricsEntry?
    do throws(MetricsLineError) {
      read = try MetricsLine.read(input)
    } catch {
      try promise(!error.reason.isEmpty, "an error says nothing")
      return false
    }
    guard let read else { return false }
    try promise(MetricsLine.isWhole(input), "a line that was read and is not whole")
    guard case .step(let line) = read else {
      if case .heldOut(let step, let loss) = read {
        try promise(step >= 0 && (loss.isFinite || loss.isNaN), "a measurement that is none")
      }
      return true
    }
    try promise(line.step > 0, "a step below 1")
    try promise(line.loss.isFinite || line.loss.isNaN, "an infinite loss")
    let measures = [line.seconds, line.learningRate, line.gradientNorm].compactMap { $0 }
    try promise(measures.allSatisfy { $0.isFinite && $0 >= 0 }, "a measure that is none")
    try promise((line.tokens ?? 0) >= 0, "fewer tokens than none")
    return true
  }
}
