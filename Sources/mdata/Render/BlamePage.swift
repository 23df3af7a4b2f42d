import Records
import Workbench

/// The answer of `blame` as text.
struct BlamePage {
  private let result: BlameResult

  /// One record can stay in the place of thousands.
  static let mostDecisions = 10

  init(_ result: BlameResult) { self.result = result }

  func print(on console: Console) {
    console.line(
      console.styled(result.record, .identifier) + "  "
        + result.instruction.oneLine(width: max(20, console.output.width - 30)))
    if result.pair == nil { console.line(console.styled("  not in this version", .removed)) }
    row(
      "batch",
      "\(result.batch.batch)\(result.batch.name.map { "  " + $0 } ?? "")  \(result.batch.rows.of("row"))",
      console)
    print(result.origin, on: console)
    if let edit = result.edit {
      row("edited in", Self.source(edit) ?? "an edit", console)
      printChanges(of: edit, since: result.origin, on: console)
    }
    for change in result.commits {
      row(
        change.kind.rawValue,
        "\(change.short)  \(change.time.prefix(10))  \(change.author)  \(change.summary.oneLine(width: 50))",
        console)
    }
    for decision in result.decisions.prefix(Self.mostDecisions) { print(decision, on: console) }
    if result.decisions.count > Self.mostDecisions {
      row("", "… and \((result.decisions.count - Self.mostDecisions).grouped) more decisions", console)
    }
    if result.runs.isEmpty { row("runs", "no training run has seen it", console) }
    for run in result.runs {
      row("seen by", "run \(run.short)  \(run.time.prefix(10))  \(run.model)", console)
    }
  }

  private func print(_ decision: DecisionSummary, on console: Console) {
    let isOwn = decision.record == result.record
    let other = (isOwn ? decision.other : decision.record) ?? ""
    let alike =
      decision.score.map {
        $0 == 1 ? "" : ", \(String(decoding: CanonicalJSON.encode(.number($0)), as: UTF8.self)) alike"
      } ?? ""
    let words =
      switch (decision.decision, isOwn) {
      case ("drop", true): "for \(other)"
      case ("drop", false): "instead of \(other)"
      case (let choice, true) where other.isEmpty: "as \(choice)"
      case (let choice, _): "\(choice), beside \(other)"
      }
    row(
      decision.decision == "drop" ? (isOwn ? "dropped" : "kept") : "decided",
      "\(decision.short)  \(words)  (\(decision.verb): \(decision.rule)\(alike))", console)
    if let origin = decision.origin, let place = Self.place(origin) { row("", "which was \(place)", console) }
  }

  private func print(_ origin: OriginSummary, on console: Console) {
    if let place = Self.place(origin) { row("file", place, console) }
    row("teacher", origin.teacher ?? "unknown", console)
    row("prompt", Self.list(origin.prompts) ?? "unknown", console)
    row("seeds", Self.list(origin.seeds) ?? "unknown", console)
    printScores(origin, on: console)
    row("licence", origin.license ?? "unknown", console)
  }

  /// What an edit answers as the origin did is not said twice.
  private func printChanges(of edit: OriginSummary, since origin: OriginSummary, on console: Console) {
    func line(_ name: String, _ now: [String], _ before: [String]) {
      guard !now.map({ Array($0.utf8) }).elementsEqual(before.map { Array($0.utf8) }) else { return }
      if let text = Self.list(now) { row(name, text, console) }
    }
    line("teacher", [edit.teacher].compactMap(\.self), [origin.teacher].compactMap(\.self))
    line("prompt", edit.prompts, origin.prompts)
    line("seeds", edit.seeds, origin.seeds)
    if Self.scores(edit) != Self.scores(origin) { printScores(edit, on: console) }
    line("licence", [edit.license].compactMap(\.self), [origin.license].compactMap(\.self))
  }

  private func printScores(_ origin: OriginSummary, on console: Console) {
    for score in Self.scores(origin) { row("score", score, console) }
  }

  private static func scores(_ origin: OriginSummary) -> [String] {
    origin.scores.map { name, score in
      "\(name) = \(String(decoding: CanonicalJSON.encode(.number(score)), as: UTF8.self))"
    }
  }

  /// The file and line that a row came in, or the query that its scores come from.
  static func source(_ origin: OriginSummary) -> String? {
    place(origin) ?? origin.query.map { $0.prefix(200).split { $0.isWhitespace }.joined(separator: " ") }
  }

  private static func place(_ origin: OriginSummary) -> String? {
    origin.file.map { file in origin.line.map { "\(file), line \($0.grouped)" } ?? file }
  }

  private static func list(_ names: [String]) -> String? {
    names.isEmpty ? nil : names.joined(separator: ", ")
  }

  private func row(_ name: String, _ text: String, _ console: Console) {
    console.line("  " + console.styled(name.padded(to: 10), .faint) + text.escaped())
  }
}

extension BlamePage {
  static func document(_ result: BlameResult) -> JSONValue {
    .document(
      "blame",
      [
        JSONMember("record", .string(result.record)), JSONMember("pair", .optional(result.pair)),
        JSONMember(
          "batch",
          .object([
            JSONMember("id", .string(result.batch.batch)), JSONMember("name", .optional(result.batch.name)),
            JSONMember("rows", .int(result.batch.rows)),
          ])),
        JSONMember("row", result.row ?? .null),
        JSONMember("origin", result.origin.json),
        JSONMember("edit", result.edit.map(\.json) ?? .null),
        JSONMember("commits", .array(result.commits.map(\.json))),
        JSONMember("decisions", .array(result.decisions.map(\.json))),
        JSONMember(
          "runs",
          .array(
            result.runs.map { run in
              .object([
                JSONMember("run", .string(run.run)), JSONMember("commit", .string(run.commit)),
                JSONMember("model", .string(run.model)), JSONMember("time", .string(run.time)),
              ])
            })),
      ])
  }
}

extension OriginSummary {
  var json: JSONValue {
    .object(
      [
        JSONMember("teacher", .optional(teacher)), JSONMember("prompt", .optional(prompts.first)),
        JSONMember("prompts", .strings(prompts)), JSONMember("seeds", .strings(seeds)),
        JSONMember("scores", .object(scores.map { JSONMember($0.name, .number($0.score)) })),
        JSONMember("license", .optional(license)), JSONMember("file", .optional(file)),
        JSONMember("line", line.map(JSONValue.int) ?? .null),
        JSONMember("byte", byte.map(JSONValue.int) ?? .null),
        JSONMember("length", length.map(JSONValue.int) ?? .null),
      ] + (query.map { [JSONMember("query", .string($0))] } ?? []))
  }
}

extension DecisionSummary {
  var json: JSONValue {
    .object([
      JSONMember("commit", .string(commit)), JSONMember("verb", .string(verb)),
      JSONMember("record", .string(record)), JSONMember("decision", .string(decision)),
      JSONMember("rule", .string(rule)), JSONMember("other", .optional(other)),
      JSONMember("score", score.map(JSONValue.number) ?? .null),
      JSONMember("origin", origin.map(\.json) ?? .null),
    ])
  }
}
