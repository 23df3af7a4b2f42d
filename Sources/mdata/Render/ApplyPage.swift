import Records
import Workbench

/// What a patch did, or would do, as text.
struct ApplyPage {
  let console: Console
  let isDryRun: Bool

  func print(_ result: ApplyResult) {
    for conflict in result.conflicts {
      let fields = conflict.fields.isEmpty ? "" : ": " + conflict.fields.joined(separator: ", ").escaped()
      console.line(console.styled(conflict.record, .identifier) + "  \(conflict.reason)\(fields)")
    }
    if !result.isDecided {
      console.line(
        "Nothing is applied: \(result.conflicts.count.of("record")) contradict. Next: `--ours` or `--theirs` decides"
      )
    } else if let commit = result.commit {
      console.line(
        "Applied as \(console.styled(commit.short, .identifier)) on \(result.branch.escaped()): \(console.counts(result.counts)); \(commit.records.of("record")) now"
      )
    } else if result.counts.isEmpty {
      console.inform("Nothing to apply: \(result.branch.escaped()) is so already")
    } else if isDryRun {
      console.line("Would apply: \(console.counts(result.counts))")
    }
  }
}

extension ApplyResult {
  func json(isDryRun: Bool) -> JSONValue {
    .document(
      "apply",
      [
        JSONMember("dry_run", .bool(isDryRun)), JSONMember("branch", .string(branch)),
        JSONMember("from", .string(from)), JSONMember("to", .string(to)),
        JSONMember("commit", .optional(commit?.commit)), JSONMember("added", .int(counts.added)),
        JSONMember("edited", .int(counts.edited)), JSONMember("removed", .int(counts.removed)),
        JSONMember("unchanged", .int(unchanged)), JSONMember("decided", .bool(isDecided)),
        JSONMember(
          "conflicts",
          .array(
            conflicts.map { conflict in
              .object([
                JSONMember("record", .string(conflict.record)),
                JSONMember("reason", .string(conflict.reason)),
                JSONMember("fields", .strings(conflict.fields)),
              ])
            })),
      ])
  }
}
