import Records
import Workbench

/// The answer of `blame` as text.
struct BlamePage {
  private let result: BlameResult

  init(_ result: BlameResult) { self.result = result }

  func print(on console: Console) {
    console.line(console.styled(result.record, .identifier) + "  " + result.instruction.oneLine(width: max(20, console.output.width - 30)))
    if result.pair == nil { console.line(console.styled("  not in this version", .removed)) }
    row("batch", "\(result.batch.batch)\(result.batch.name.map { "  " + $0 } ?? "")  \(result.batch.rows.of("row"))", console)
    print(result.origin, on: console)
    if let edit = result.edit {
      let place = edit.line.map { ", line \($0.grouped)" } ?? ""
      row("edited in", (edit.file ?? "an edit") + place, console)
      if let teacher = edit.teacher { row("teacher", teacher, console) }
      for (name, score) in edit.scores { row("score", "\(name) = \(score)", console) }
      if let license = edit.license { row("licence", license, console) }
    }
    for change in result.commits {
      row(change.kind.rawValue, "\(change.short)  \(change.time.prefix(10))  \(change.author)  \(change.message.oneLine(width: 50))", console)
    }
    if result.runs.isEmpty { row("runs", "no training run has seen it", console) }
    for run in result.runs { row("seen by", "run \(run.short)  \(run.time.prefix(10))  \(run.model)", console) }
  }

  private func print(_ origin: OriginSummary, on console: Console) {
    if let file = origin.file { row("file", origin.line.map { "\(file), line \($0.grouped)" } ?? file, console) }
    row("teacher", origin.teacher ?? "unknown", console)
    row("prompt", origin.prompts.isEmpty ? "unknown" : origin.prompts.joined(separator: ", "), console)
    row("seeds", origin.seeds.isEmpty ? "unknown" : origin.seeds.joined(separator: ", "), console)
    for (name, score) in origin.scores { row("score", "\(name) = \(score)", console) }
    row("licence", origin.license ?? "unknown", console)
  }

  private func row(_ name: String, _ text: String, _ console: Console) {
    console.line("  " + console.styled(name.padded(to: 10), .faint) + text.escaped())
  }
}

extension OriginSummary {
  var json: JSONValue {
    .object([
      JSONMember("teacher", .optional(teacher)), JSONMember("prompt", .optional(prompts.first)),
      JSONMember("prompts", .strings(prompts)), JSONMember("seeds", .strings(seeds)),
      JSONMember("scores", .object(scores.map { JSONMember($0.name, .number($0.score)) })),
      JSONMember("license", .optional(license)), JSONMember("file", .optional(file)),
      JSONMember("line", line.map(JSONValue.int) ?? .null), JSONMember("byte", byte.map(JSONValue.int) ?? .null),
      JSONMember("length", length.map(JSONValue.int) ?? .null),
    ])
  }
}
