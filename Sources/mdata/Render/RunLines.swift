import Workbench

/// A training run in the list of all.
struct RunLines {
  private let run: RunSummary

  init(_ run: RunSummary) { self.run = run }

  func print(on console: Console) {
    let loss = "loss \(run.firstLoss.fixed(4)) → \(run.lastLoss.fixed(4))"
    console.line(
      "\(console.styled(run.short, .identifier))  \(run.ended.prefix(16))  \(run.steps.of("step"))  \(loss)  \(run.model.escaped())"
    )
    console.line(
      "    on \(console.styled(run.commitShort, .identifier)) (\(run.version.escaped())): saw \(run.used.grouped) of \(run.total.of("record"))"
    )
  }
}
