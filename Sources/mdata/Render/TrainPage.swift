import Workbench

/// Training as it is watched: a bar while it runs, a line a step when nobody watches, a summary at the end.
final class TrainPage {
  private let console: Console
  private var progress: Progress?
  private var heldOut = ""

  init(console: Console) { self.console = console }

  /// What would be trained.
  func plan(_ plan: TrainPlan) {
    if console.isJSON { return console.json(TrainPlanDocument.document(plan)) }
    TrainPlanLines(plan).print(on: console)
  }

  func report(_ event: TrainEvent) {
    switch event {
    case .ready(let plan): begin(plan)
    case .step(let step):
      let rate = "\(Int(step.tokensPerSecond.rounded()).grouped) tokens/s"
      if console.error.isTerminal {
        let memory = Memory.resident.map { "  \(($0 >> 20).grouped) MiB" } ?? ""
        progress?.update(step.step, "loss \(step.loss.fixed(4))\(heldOut)  \(rate)\(memory)")
      } else {
        inform("step \(step.step)  loss \(step.loss.fixed(4))  \(rate)")
      }
    case .validation(let step, let loss):
      heldOut = "  held out \(loss.fixed(4))"
      if !console.error.isTerminal { inform("step \(step)  held-out loss \(loss.fixed(4))") }
    case .checkpoint(let step):
      if !console.error.isTerminal { inform("step \(step)  checkpoint") }
    }
  }

  func finish() { progress?.finish() }

  func summary(_ result: TrainResult) {
    let run = result.run
    console.line(
      "Trained \(run.steps.of("step")): loss \(run.firstLoss.fixed(4)) → \(run.lastLoss.fixed(4)); \(run.used.grouped) of \(run.total.of("record")) seen"
    )
    if let measured = run.validation {
      console.line(
        "Held-out loss \(measured.before.fixed(4)) → \(measured.after.fixed(4))\(result.stoppedEarly ? "; stopped early, with the best weights" : "")"
      )
    }
    console.line(
      "Wrote \(result.output.escaped()), recorded as run \(console.styled(run.short, .identifier))")
  }

  private func begin(_ plan: TrainPlan) {
    let adapter = plan.trained < plan.parameters ? " (\(plan.trained.grouped) trained)" : ""
    inform(
      "Training on \(plan.records.of("record")) of \(console.styled(plan.commit, .identifier)), \(plan.parameters.grouped) parameters\(adapter), \(plan.steps.of("step"))"
    )
    if plan.stepsDone > 0 { inform("Going on after step \(plan.stepsDone.grouped)") }
    for note in TrainPlanLines(plan).notes { inform("note: \(note)") }
    progress = Progress(console, total: plan.steps, unit: "steps", from: plan.stepsDone)
  }

  private func inform(_ text: String) {
    guard !console.isJSON else { return }
    console.inform(text)
    console.flush()
  }
}
