import Records
import Workbench

/// What a filter left out, or would leave out, as text.
struct FilterPage {
  let console: Console
  /// Whether those that go are printed; a page for people has them otherwise.
  let showsExamples: Bool

  func print(_ result: FilterResult) {
    let examples = showsExamples ? result.examples : []
    for example in examples { show(example) }
    let more = result.dropped - examples.count
    if more > 0, !examples.isEmpty {
      console.line(console.styled("  … and \(more.grouped) more", .faint))
    }
    let thing = result.from == nil ? "row" : "record"
    let rules = result.rules.map { "\($0.count.grouped) \($0.name)" }.joined(separator: ", ")
    let left = (result.items - result.dropped).of(thing)
    if result.dropped == 0 {
      console.line("Nothing to leave out of \(result.items.of(thing))")
    } else if let commit = result.commit {
      console.line(
        "Left out \(result.dropped.of(thing)) (\(rules)) as \(console.styled(commit.short, .identifier)): \(left) now"
      )
    } else {
      console.line(
        "Would leave out \(result.dropped.of(thing)) (\(rules)) of \(result.items.grouped), and keep \(left)")
    }
    if !result.flags.isEmpty {
      console.line(
        "To look at: " + result.flags.map { "\($0.count.grouped) \($0.name)" }.joined(separator: ", "))
    }
  }

  private func show(_ example: FilterExample) {
    let width = max(20, console.output.width - 24)
    let decision = example.decision
    let name = decision.record ?? "row \(decision.row)"
    console.line(
      console.styled("-", .removed) + " \(console.styled(name, .identifier))  "
        + (example.text?.oneLine(width: width) ?? ""))
    guard let nearest = decision.nearest else {
      return console.line("    " + console.styled(decision.rule ?? "", .faint))
    }
    let score = decision.score.map { "\(Int(($0 * 1000).rounded()))" } ?? ""
    let shown =
      score.count > 3 ? "1.000" : "0." + String(repeating: "0", count: max(0, 3 - score.count)) + score
    let other = nearest.string ?? "row \(nearest.int ?? 0)"
    console.line(
      "    " + console.styled("\(shown) like ", .faint) + console.styled(other.escaped(), .identifier)
        + "  " + (example.nearest?.oneLine(width: width) ?? ""))
  }
}

extension FilterResult {
  func json(_ drops: [JSONValue], isDryRun: Bool) -> JSONValue {
    func counts(_ list: [(name: String, count: Int)]) -> JSONValue {
      .object(list.map { JSONMember($0.name, .int($0.count)) })
    }
    return .document(
      "filter",
      [
        JSONMember("dry_run", .bool(isDryRun)), JSONMember("from", .optional(from?.commit)),
        JSONMember("commit", .optional(commit?.commit)), JSONMember("rows", .int(items)),
        JSONMember("dropped", .int(dropped)), JSONMember("rules", counts(rules)),
        JSONMember("flags", counts(flags)),
        JSONMember("drops", .array(drops)),
      ])
  }
}
