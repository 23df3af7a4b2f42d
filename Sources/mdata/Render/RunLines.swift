import Records
import Workbench

/// A training run as text.
struct RunLines {
  private let run: RunSummary
  private let isLong: Bool

  init(_ run: RunSummary, isLong: Bool) {
    self.run = run
    self.isLong = isLong
  }

  func print(on console: Console) {
    let loss = "loss \(run.firstLoss.fixed(4)) → \(run.lastLoss.fixed(4))"
    console.line(
      "\(console.styled(run.short, .identifier))  \(run.ended.prefix(16))  \(run.steps.of("step"))  \(loss)  \(run.model.escaped())"
    )
    console.line(
      "    on \(console.styled(run.commitShort, .identifier)) (\(run.version.escaped())): saw \(run.used.grouped) of \(run.total.of("record"))"
    )
    guard isLong else { return }
    for (name, value) in run.configuration {
      console.line("    \(name.escaped().padded(to: 16)) \(value.escaped())")
    }
    for range in run.seen {
      let rows = range.rows.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      console.line(
        "    seen             \(range.batch): \(rows.joined(separator: ", ").oneLine(width: max(20, console.output.width - 40)))"
      )
    }
  }
}

/// A training run in JSON.
enum RunDocument {
  static func members(_ run: RunSummary) -> [JSONMember] {
    [
      JSONMember("run", .string(run.run)), JSONMember("commit", .string(run.commit)),
      JSONMember("snapshot", .string(run.snapshot)), JSONMember("version", .string(run.version)),
      JSONMember("model", .string(run.model)), JSONMember("model_digest", .string(run.modelDigest)),
      JSONMember("steps", .int(run.steps)), JSONMember("first_loss", .number(run.firstLoss)),
      JSONMember("last_loss", .number(run.lastLoss)), JSONMember("tokens", .int(run.tokens)),
      JSONMember("records", .int(run.total)), JSONMember("used", .int(run.used)),
      JSONMember(
        "seen",
        .array(
          run.seen.map { range in
            .object([
              JSONMember("batch", .string(range.batch)),
              JSONMember(
                "rows", .array(range.rows.map { .array([.int($0.lowerBound), .int($0.upperBound)]) })),
            ])
          })),
      JSONMember("started", .string(run.started)), JSONMember("ended", .string(run.ended)),
    ]
  }
}
