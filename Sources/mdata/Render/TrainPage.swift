import Workbench

/// Training as it is watched: a bar while it runs, a line a step when nobody watches, a summary at the end.
final class TrainPage {
  private let console: Console
  private var progress: Progress?

  init(console: Console) { self.console = console }

  func report(_ event: TrainEvent) {
    switch event {
    case .ready(let plan):
      console.isJSON
        ? ()
        : console.inform(
          "Training on \(plan.records.of("record")) of \(console.styled(plan.commit, .identifier)), \(plan.parameters.grouped) parameters, \(plan.steps.of("step"))"
        )
      if plan.ignoresChatTemplate, !console.isJSON {
        console.inform(
          "note: the model's own chat template is none that mdata knows; examples are written as `\(plan.template)`"
        )
      }
      progress = Progress(console, total: plan.steps, unit: "steps")
    case .step(let step):
      let rate = "\(Int(step.tokensPerSecond.rounded()).grouped) tokens/s"
      if console.error.isTerminal {
        progress?.update(step.step, "loss \(step.loss.fixed(4))  \(rate)")
      } else if !console.isJSON {
        console.inform("step \(step.step)  loss \(step.loss.fixed(4))  \(rate)")
        console.flush()
      }
    }
  }

  func finish() { progress?.finish() }

  func summary(_ result: TrainResult) {
    let run = result.run
    console.line(
      "Trained \(run.steps.of("step")): loss \(run.firstLoss.fixed(4)) → \(run.lastLoss.fixed(4)); \(run.used.grouped) of \(run.total.of("record")) seen"
    )
    console.line(
      "Wrote \(result.output.escaped()), recorded as run \(console.styled(run.short, .identifier))")
  }
}
