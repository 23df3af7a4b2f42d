import Records
import Workbench

/// An audit for people.
struct AuditPage {
  let console: Console

  func print(_ result: AuditResult) {
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
    if !result.gates.isEmpty { gates(result) }
  }

  private func gates(_ result: AuditResult) {
    console.line(console.styled("Gates", .heading))
    for gate in result.gates {
      let mark = gate.isPassed ? console.styled("pass", .added) : console.styled("FAIL", .removed)
      var line = "  \(mark)  \(gate.gate) \(gate.demand.escaped())"
      if gate.failed > 0 {
        let allowed = gate.allowed > 0 ? ", \(gate.allowed.grouped) allowed" : ""
        let more = gate.failed > gate.examples.count ? ", …" : ""
        line += ": \(gate.failed.of("record"))\(allowed): \(gate.examples.joined(separator: ", "))\(more)"
      }
      console.line(line)
    }
  }
}

extension AuditResult {
  var json: JSONValue {
    .document(
      "audit",
      [
        JSONMember("commit", .string(commit.commit)), JSONMember("snapshot", .string(commit.snapshot)),
        JSONMember("records", .int(records)),
        JSONMember("answered", .object(answers.map { JSONMember($0.question, .int($0.count)) })),
        JSONMember(
          "licenses",
          .array(
            licenses.map {
              .object([JSONMember("license", .optional($0.name)), JSONMember("records", .int($0.count))])
            })),
        JSONMember(
          "anomalies",
          .array(
            anomalies.map {
              .object([
                JSONMember("kind", .string($0.kind)), JSONMember("count", .int($0.count)),
                JSONMember("examples", .strings($0.examples)),
              ])
            })),
        JSONMember("gates", .array(gates.map(\.json))), JSONMember("passed", .bool(isPassed)),
      ])
  }
}

extension GateResult {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("gate", .string(gate)), JSONMember("demand", .string(demand)),
      JSONMember("failed", .int(failed)), JSONMember("allowed", .int(allowed)),
      JSONMember("passed", .bool(isPassed)), JSONMember("examples", .strings(examples)),
    ])
  }
}
