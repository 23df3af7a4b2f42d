import Records
import Workbench

/// `runs compare` as text: what differs, the losses beside each other, and drawn.
struct RunComparePage {
  let console: Console

  /// Steps whose losses are shown.
  private static let mostSteps = 11
  /// Columns of a value.
  private static let widest = 24

  func print(_ comparison: RunComparison) {
    let names = RunNames(comparison.runs)
    for (letter, details) in zip(names.letters, comparison.runs) {
      console.line("\(letter)  \(RunFacts.line(details).escaped())")
    }
    settings(comparison, names)
    losses(comparison, names)
    draw(comparison, names)
  }

  private func settings(_ comparison: RunComparison, _ names: RunNames) {
    guard comparison.runs.count(where: { $0.run != nil }) > 1 else { return }
    console.line()
    table(
      "settings", names.letters,
      comparison.settings.map { ($0.name, $0.values.map { $0?.short ?? bars.dash }) })
    if comparison.settings.isEmpty { console.line("The settings are the same.") }
    for version in comparison.versions {
      console.line(
        "\(console.styled(version.from.short, .identifier)) to \(console.styled(version.to.short, .identifier)): \(console.counts(version.counts))"
      )
    }
  }

  private var bars: Bars { Bars(isUTF8: console.output.isUTF8) }

  private func losses(_ comparison: RunComparison, _ names: RunNames) {
    let losses = comparison.losses
    guard !losses.isEmpty else { return }
    let count = min(Self.mostSteps, losses.count)
    let shown = (0..<count).map { losses[count == 1 ? 0 : $0 * (losses.count - 1) / (count - 1)] }
    console.line()
    table(
      "loss at step", names.lettersWithCurve,
      shown.map { ($0.step.grouped, $0.values.map { $0.fixed(4) }) })
  }

  private func draw(_ comparison: RunComparison, _ names: RunNames) {
    let curves = zip(comparison.runs, names.legends).enumerated().compactMap { number, run in
      run.0.curve.map { RunMeasure.loss.curve($0, named: run.1, number: number) }
    }
    let plot = CurvePlot(console.output)
    let lines = plot.lines(curves, measure: RunMeasure.loss.rawValue)
    guard !lines.isEmpty else { return }
    console.line()
    for line in lines { console.line(line) }
    for curve in curves where curves.count > 1 {
      console.line(plot.legend(curve))
    }
  }

  private func table(_ title: String, _ names: [String], _ rows: [(name: String, values: [String])]) {
    guard !rows.isEmpty else { return }
    let rows = rows.map { ($0.name.oneLine(width: 20), $0.values.map { $0.oneLine(width: Self.widest) }) }
    let first = max(title.count, rows.map(\.0.displayWidth).max() ?? 0)
    let widths = names.indices.map { column in
      max(1, rows.map { $0.1[column].displayWidth }.max() ?? 1)
    }
    let head = zip(names, widths).map { $0.aligned(to: $1) }.joined(separator: "  ")
    console.line(console.styled(title.padded(to: first) + "  " + head, .faint))
    for (name, values) in rows {
      console.line(
        name.padded(to: first) + "  " + zip(values, widths).map { $0.aligned(to: $1) }.joined(separator: "  ")
      )
    }
  }
}
