import ArgumentParser
import Records
import Workbench

struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Ask how much of a version can say where it came from.",
    discussion: """
      Which share of the records answers for its seed, prompt, teacher and filter score, under which licences they \
      stand, and what looks wrong.

      Examples:
        mdata audit
        mdata audit v1 --json
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String = "HEAD"

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try AuditRequest(revision: revision).run(in: face.session)
      options.json ? face.console.json(document(result)) : print(result, on: face.console)
    }
  }

  private func document(_ result: AuditResult) -> JSONValue {
    .document(
      "audit",
      [
        JSONMember("commit", .string(result.commit.commit)),
        JSONMember("snapshot", .string(result.commit.snapshot)),
        JSONMember("records", .int(result.records)),
        JSONMember("answered", .object(result.answers.map { JSONMember($0.question, .int($0.count)) })),
        JSONMember(
          "licenses",
          .array(
            result.licenses.map { license in
              .object([
                JSONMember("license", .optional(license.name)), JSONMember("records", .int(license.count)),
              ])
            })),
        JSONMember(
          "anomalies",
          .array(
            result.anomalies.map { anomaly in
              .object([
                JSONMember("kind", .string(anomaly.kind)), JSONMember("count", .int(anomaly.count)),
                JSONMember("examples", .strings(anomaly.examples)),
              ])
            })),
      ])
  }

  private func print(_ result: AuditResult, on console: Console) {
    console.line("\(console.styled(result.commit.short, .identifier))  \(result.records.of("record"))")
    console.line(console.styled("Answered", .heading))
    for answer in result.answers {
      let share = result.records == 0 ? 0 : Double(answer.count) / Double(result.records)
      let filled = Int((share * 20).rounded(.down))
      let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 20 - filled)
      let style: Style = answer.count == result.records ? .added : answer.count == 0 ? .removed : .edited
      console.line(
        "  \((answer.question == "license" ? "licence" : answer.question).padded(to: 8))  \(console.styled(bar, style))  \((share * 100).fixed(1).aligned(to: 5)) %  \(answer.count.grouped)"
      )
    }
    console.line(console.styled("Licences", .heading))
    for license in result.licenses {
      console.line("  \(license.count.grouped.aligned(to: 8))  \((license.name ?? "none stated").escaped())")
    }
    console.line(console.styled("Anomalies", .heading))
    if result.anomalies.isEmpty { console.line("  none") }
    for anomaly in result.anomalies {
      console.line(
        "  \(anomaly.count.grouped.aligned(to: 8))  \(anomaly.meaning), such as \(anomaly.examples.joined(separator: ", "))"
      )
    }
  }
}
