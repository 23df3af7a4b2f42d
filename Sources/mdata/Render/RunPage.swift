import Workbench

/// `runs show` as text: what is known, and the losses drawn.
struct RunPage {
  let console: Console

  func print(_ details: RunDetails) {
    for (name, value) in RunFacts.all(details) {
      console.line("\(name.padded(to: 9)) \(value.escaped())")
    }
    guard let run = details.run else { return draw(details.curve) }
    console.line("settings")
    for (name, value) in run.configuration {
      console.line("  \(name.escaped().padded(to: 16)) \(value.short.escaped())")
    }
    console.line("seen")
    for range in run.seen {
      let rows = RunFacts.rows(range.rows).oneLine(width: max(20, console.output.width - 20))
      console.line("  \(console.styled(range.batch.padded(to: 16), .identifier)) \(rows)")
    }
    draw(details.curve)
  }

  private func draw(_ curve: RunCurve?) {
    guard let curve else { return }
    let curves = RunMeasure.loss.curves(curve)
    let plot = CurvePlot(console.output)
    let lines = plot.lines(curves, measure: RunMeasure.loss.rawValue)
    if !lines.isEmpty { console.line() }
    for line in lines { console.line(line) }
    for curve in curves where curves.count > 1 { console.line(plot.legend(curve)) }
  }
}
