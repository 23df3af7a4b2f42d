import Records
import Workbench

/// Why a version has a record or not, as text.
struct WhyPage {
  let console: Console

  func print(_ result: WhyResult) {
    console.line(
      console.styled(result.record, .identifier) + "  "
        + result.instruction.oneLine(width: max(20, console.output.width - 30)))
    let version = console.styled(result.commit.short, .identifier)
    let own = result.decisions.last { $0.record == result.record }
    if result.isPresent {
      console.line("It is in \(version)" + (result.change.map { ": \(words($0))" } ?? ""))
      if let source = result.edit.flatMap(BlamePage.source) {
        console.line("  " + console.styled("its row came with ", .faint) + source.escaped())
      }
    } else if let drop = own, drop.decision == "drop" {
      let other =
        drop.other.map { " as a duplicate of " + console.styled($0, .identifier) + ", which stayed" } ?? ""
      console.line("It is not in \(version): `\(drop.verb)` dropped it\(other) (\(drop.rule.escaped()))")
      if let change = result.change, change.kind == .removed { console.line("  \(words(change))") }
    } else {
      console.line("It is not in \(version)" + (result.change.map { ": \(words($0))" } ?? ""))
    }
    if let nearest = result.nearest {
      if nearest.fields.isEmpty {
        console.line("  Both are the same")
      } else {
        for field in nearest.fields { DiffPage(console: console).words(field) }
      }
    }
    if let choice = result.choice { print(choice) }
    let others = result.decisions.filter { $0.record != result.record && $0.decision == "drop" }
    for decision in others.prefix(BlamePage.mostDecisions) {
      console.line(
        "It stayed instead of \(console.styled(decision.record, .identifier)): \(decision.verb) \(decision.short), \(decision.rule)"
      )
    }
    if others.count > BlamePage.mostDecisions {
      console.line("  … and of \((others.count - BlamePage.mostDecisions).grouped) more")
    }
    if let own, own.decision != "drop" {
      console.line("A merge decided \(own.decision) in \(own.short): \(own.rule)")
    }
  }

  /// What decided about all records of the version alike.
  private func print(_ choice: WhyResult.Choice) {
    let settings = choice.settings.object ?? []
    guard !settings.isEmpty else { return }
    console.line("  settings of `\(choice.verb.escaped())`:")
    let width = settings.map(\.name.displayWidth).max() ?? 0
    for setting in settings {
      let name = console.styled(setting.name.escaped().padded(to: width), .faint)
      console.line("    \(name)  \(Self.text(setting.value).escaped())")
    }
  }

  /// A setting on one line; a condition may have several of its own.
  private static func text(_ value: JSONValue) -> String {
    if let text = value.string { return text.split { $0.isWhitespace }.joined(separator: " ") }
    if let list = value.array { return list.map(text).joined(separator: ", ") }
    return String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }

  private func words(_ change: CommitChange) -> String {
    "\(change.kind.rawValue) by \(change.author.escaped()) on \(change.time.prefix(10)) in "
      + console.styled(change.short, .identifier) + ", \(change.summary.oneLine(width: 50))"
  }
}

extension WhyResult {
  var json: JSONValue {
    .document(
      "why",
      [
        JSONMember("record", .string(record)), JSONMember("commit", .string(commit.commit)),
        JSONMember("present", .bool(isPresent)), JSONMember("instruction", .string(instruction)),
        JSONMember("edit", edit.map(\.json) ?? .null), JSONMember("change", change.map(\.json) ?? .null),
        JSONMember("decisions", .array(decisions.map(\.json))),
        JSONMember(
          "nearest",
          nearest.map {
            .object([
              JSONMember("record", .string($0.record)), JSONMember("diff", .array($0.fields.map(\.json))),
            ])
          } ?? .null),
        JSONMember(
          "choice",
          choice.map {
            .object([
              JSONMember("commit", .string($0.commit)), JSONMember("verb", .string($0.verb)),
              JSONMember("settings", $0.settings),
            ])
          } ?? .null),
      ])
  }
}

extension CommitChange {
  var json: JSONValue {
    .object([
      JSONMember("commit", .string(commit)), JSONMember("change", .string(kind.rawValue)),
      JSONMember("message", .string(message)), JSONMember("author", .string(author)),
      JSONMember("time", .string(time)),
    ])
  }
}
