import Workbench

/// An answer as it is written, and a bar while a file of prompts is answered.
final class SamplePage {
  private let console: Console
  private var progress: Progress?
  private var endsLine = false

  init(console: Console) { self.console = console }

  func report(_ event: SampleEvent) {
    switch event {
    case .ready(let plan):
      if plan.ignoresChatTemplate, !console.isJSON, !console.isQuiet {
        console.remark(
          "note: the model's own chat template is none that mdata knows; the prompt is written as `\(plan.template)`"
        )
      }
      progress = Progress(console, total: plan.prompts, unit: "answers")
    case .piece(let text):
      guard !console.isJSON else { return }
      console.write(Array(text.utf8))
      console.flush()
      endsLine = text.utf8.last == UInt8(ascii: "\n")
    case .line(let bytes):
      console.write(bytes)
      console.flush()
    case .answered(let count): progress?.update(count)
    }
  }

  func finish(_ result: SampleResult) {
    progress?.finish()
    guard !console.isJSON else { return }
    if result.answer != nil, !endsLine { console.write([UInt8(ascii: "\n")]) }
    if let output = result.output {
      console.inform(
        "Wrote \(output.escaped()): \(result.prompts.of("answer")), \(result.outputTokens.grouped) tokens")
    }
  }
}
