import Records
import Workbench

/// What a deduplication dropped, or would drop, as text.
final class DedupPage {
  private let console: Console
  private let isDryRun: Bool
  private let limit: Int
  private let compared: Set<PairField>
  private var count = 0

  /// - Parameter compared: the fields in which duplicates are alike: what differs elsewhere is only named.
  init(console: Console, isDryRun: Bool, limit: Int, compared: Set<PairField>) {
    self.console = console
    self.isDryRun = isDryRun
    self.limit = limit
    self.compared = compared
  }

  func add(_ drop: DroppedRecord) {
    count += 1
    guard count <= limit else { return }
    let other = console.styled(drop.other, .identifier)
    console.line(
      console.styled("-", .removed) + " \(console.styled(drop.record, .identifier))  "
        + (drop.instruction ?? "").oneLine(width: max(20, console.output.width - 30)))
    console.line("    " + console.styled("\(drop.rule) duplicate of ", .faint) + other)
    let fields = drop.fields
    for field in fields where isCompared(field) { DiffPage(console: console).words(field) }
    let others = fields.filter { !isCompared($0) }.map { $0.name.escaped() }
    if !others.isEmpty {
      console.line("    " + console.styled("it differs in ", .faint) + others.joined(separator: ", "))
    }
  }

  private func isCompared(_ field: FieldChange) -> Bool {
    PairField(rawValue: field.name).map(compared.contains) ?? false
  }

  func end(_ result: DedupResult) {
    let thing = result.from == nil ? "row" : "record"
    guard result.dropped > 0 else {
      return console.inform("No duplicates among \(result.records.of(thing))")
    }
    if count > limit { console.line(console.styled("  … and \((count - limit).grouped) more", .faint)) }
    let rules = result.rules.map { "\($0.count.grouped) \($0.name)" }.joined(separator: ", ")
    let left = result.records - result.dropped
    if let commit = result.commit {
      console.line(
        "Dropped \(result.dropped.of(thing)) (\(rules)) as \(console.styled(commit.short, .identifier)): \(left.of(thing)) now"
      )
    } else {
      console.line(
        "Would drop \(result.dropped.of(thing)) (\(rules)) of \(result.records.grouped), and keep \(left.grouped)"
      )
    }
  }
}

extension DedupResult {
  func json(_ drops: [JSONValue], isDryRun: Bool) -> JSONValue {
    .document(
      "dedup",
      [
        JSONMember("dry_run", .bool(isDryRun)), JSONMember("from", .optional(from?.commit)),
        JSONMember("commit", .optional(commit?.commit)), JSONMember("records", .int(records)),
        JSONMember("dropped", .int(dropped)),
        JSONMember("rules", .object(rules.map { JSONMember($0.name, .int($0.count)) })),
        JSONMember("drops", .array(drops)),
      ])
  }
}
