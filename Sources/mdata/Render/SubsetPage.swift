import Records
import Workbench

/// What `split` and `select` made, for people.
struct SubsetPage {
  let console: Console
  let isDryRun: Bool

  /// Groups that are printed; `--json` has all.
  private static let mostGroups = 20

  func print(_ result: SplitResult) {
    let total = result.source.records
    console.line(
      "\(isDryRun ? "Would split" : "Split") \(total.of("record")) of \(console.styled(result.source.short, .identifier))"
    )
    let name = result.parts.map(\.branch.displayWidth).max() ?? 0
    let count = result.parts.map(\.records.grouped.count).max() ?? 0
    for part in result.parts {
      let actual = total == 0 ? 0 : Double(part.records) / Double(total) * 100
      let commit = part.commit.map { console.styled($0.short, .identifier) + "  " } ?? ""
      console.line(
        "  \(commit)\(part.branch.padded(to: name))  \(part.records.grouped.aligned(to: count))  \(actual.fixed(2)) %, asked for \(part.share.percent)"
      )
    }
  }

  func print(_ result: SelectResult) {
    for group in result.groups.prefix(Self.mostGroups) {
      let counts = "\(group.selected.grouped.aligned(to: 8)) of \(group.records.grouped.aligned(to: 8))"
      console.line("\(counts)  \((group.name ?? "none").oneLine(width: 60))")
    }
    if result.groups.count > Self.mostGroups {
      console.line("\("…".aligned(to: 8))  and \((result.groups.count - Self.mostGroups).of("other value"))")
    }
    let counts = "\(result.kept.of("record")) of \(result.source.records.grouped)"
    if let commit = result.commit {
      console.line(
        "Committed \(console.styled(commit.short, .identifier)) on \(result.branch.escaped()): kept \(counts)"
      )
    } else if isDryRun {
      console.line("Would keep \(counts) on \(result.branch.escaped())")
    } else {
      console.line("Kept \(counts): nothing changed, no commit made")
    }
  }
}

extension SelectResult.Group {
  /// The value as people read it: a text without its quotes.
  fileprivate var name: String? {
    value.map { value in (try? JSON.parse(Array(value.utf8)))?.string ?? value }
  }
}

extension SplitResult {
  func json(by key: String, seed: UInt64, isDryRun: Bool) -> JSONValue {
    .document(
      "split",
      [
        JSONMember("dry_run", .bool(isDryRun)), JSONMember("source", .string(source.commit)),
        JSONMember("records", .int(source.records)), JSONMember("by", .string(key)),
        JSONMember("seed", .string("\(seed)")),
        JSONMember(
          "parts",
          .array(
            parts.map { part in
              .object([
                JSONMember("name", .string(part.name)), JSONMember("branch", .string(part.branch)),
                JSONMember("share", .number(Double(part.share.billionths) / 1e9)),
                JSONMember("records", .int(part.records)),
                JSONMember("commit", .optional(part.commit?.commit)),
                JSONMember("snapshot", .optional(part.commit?.snapshot)),
              ])
            })),
      ])
  }
}

extension SelectResult {
  func json(isDryRun: Bool) -> JSONValue {
    .document(
      "select",
      [
        JSONMember("dry_run", .bool(isDryRun)), JSONMember("source", .string(source.commit)),
        JSONMember("commit", .optional(commit?.commit)), JSONMember("snapshot", .optional(commit?.snapshot)),
        JSONMember("branch", .string(branch)), JSONMember("records", .int(source.records)),
        JSONMember("kept", .int(kept)), JSONMember("removed", .int(removed)),
        JSONMember("message", .optional(commit?.message)),
        JSONMember(
          "groups",
          .array(
            groups.map { group in
              .object([
                JSONMember("value", group.value.flatMap { try? JSON.parse(Array($0.utf8)) } ?? .null),
                JSONMember("records", .int(group.records)), JSONMember("selected", .int(group.selected)),
              ])
            })),
      ])
  }
}
