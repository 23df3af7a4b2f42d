import Records
import Workbench

/// What a merge did, or would do, as text.
struct MergePage {
  let console: Console
  let isDryRun: Bool

  func print(_ result: MergeResult) {
    let theirs = console.styled(result.theirs.short, .identifier)
    switch result.kind {
    case .upToDate where result.verb == "merge":
      console.inform("Nothing to merge: \(theirs) is part of \(result.branch.escaped()) already")
    case .upToDate:
      console.inform("Nothing to do: \(result.branch.escaped()) is so already")
    case .fastForward:
      console.line(
        "\(isDryRun ? "Would move" : "Moved") \(result.branch.escaped()) on to \(theirs): \(console.counts(result.changes))"
      )
    case .merge: merge(result)
    }
  }

  func print(_ result: MergeAbortResult) {
    console.inform("Gave up the \(result.verb) of \(result.name.escaped()): nothing was changed")
  }

  private func merge(_ result: MergeResult) {
    for outcome in MergeOutcome.allCases {
      guard let count = result.counts[outcome], count > 0 else { continue }
      // What is our own says something of two branches, and nothing of one commit that is taken over.
      if outcome == .left, result.verb != "merge" { continue }
      console.line(
        "  " + console.styled(count.grouped.aligned(to: 9), outcome.isConflict ? .edited : .faint)
          + "  \(outcome.rawValue): \(Self.meaning(of: outcome))")
    }
    for conflict in result.decided { line(conflict) }
    for conflict in result.open { line(conflict) }
    if let commit = result.commit {
      console.line(
        "\(Self.done(result.verb)) as \(console.styled(commit.short, .identifier)) on \(result.branch.escaped()): \(console.counts(result.changes)); \(commit.records.of("record")) now"
      )
    } else if result.open.isEmpty {
      console.line(
        "Would \(result.verb) \(console.styled(result.theirs.short, .identifier)) without a conflict left open"
      )
    } else {
      let what = result.open.count.of("conflict")
      console.line(
        isDryRun
          ? "Would leave \(what) to decide" : "Nothing is done yet: \(what) to decide. Next: `mdata resolve`")
    }
  }

  private static func done(_ verb: String) -> String {
    switch verb {
    case "revert": "Reverted"
    case "cherry-pick": "Picked"
    default: "Merged"
    }
  }

  private func line(_ conflict: ConflictSummary) {
    let other = conflict.other.map { " and " + console.styled($0, .identifier) } ?? ""
    let fields = conflict.fields.isEmpty ? "" : " in " + conflict.fields.joined(separator: ", ").escaped()
    let choice = conflict.choice.map { console.styled("  decided: \($0)", .added) } ?? ""
    console.line(
      console.styled(conflict.record, .identifier) + other + "  \(conflict.outcome.rawValue)" + fields
        + choice)
  }

  private static func meaning(of outcome: MergeOutcome) -> String {
    switch outcome {
    case .left: "changed by us"
    case .right: "changed by them"
    case .convergent: "changed by both to the same"
    case .fieldMerged: "changed by both in different fields"
    case .duplicate: "the same pair brought by both; ours stays"
    case .editEdit: "changed by both in the same field"
    case .editDelete: "changed by one, removed by the other"
    case .sameTask: "another answer to the same task by each"
    }
  }
}

extension MergeResult {
  func json(isDryRun: Bool) -> JSONValue {
    .document(
      verb,
      [
        JSONMember("kind", .string(kind.rawValue)), JSONMember("dry_run", .bool(isDryRun)),
        JSONMember("branch", .string(branch)), JSONMember("ours", .string(ours.commit)),
        JSONMember("theirs", .string(theirs.commit)), JSONMember("commit", .optional(commit?.commit)),
        JSONMember("records", commit.map { .int($0.records) } ?? .null),
        JSONMember("added", .int(changes.added)), JSONMember("edited", .int(changes.edited)),
        JSONMember("removed", .int(changes.removed)),
        JSONMember(
          "outcomes",
          .object(MergeOutcome.allCases.map { JSONMember($0.rawValue, .int(counts[$0] ?? 0)) })),
        JSONMember(
          "duplicates",
          .array(
            duplicates.map {
              .object([JSONMember("kept", .string($0.kept)), JSONMember("dropped", .string($0.dropped))])
            })),
        JSONMember("decided", .array(decided.map(\.json))), JSONMember("open", .array(open.map(\.json))),
      ])
  }
}

extension MergeAbortResult {
  var json: JSONValue {
    let zero = ["added", "edited", "removed"].map { JSONMember($0, .int(0)) }
    return .document(
      "merge",
      [
        JSONMember("kind", .string("aborted")), JSONMember("dry_run", .bool(false)),
        JSONMember("branch", .string(branch)), JSONMember("ours", .string(ours)),
        JSONMember("theirs", .string(theirs)), JSONMember("commit", .null), JSONMember("records", .null),
      ] + zero + [
        JSONMember("outcomes", .object(MergeOutcome.allCases.map { JSONMember($0.rawValue, .int(0)) })),
        JSONMember("duplicates", .array([])), JSONMember("decided", .array([])),
        JSONMember("open", .array([])),
      ])
  }
}

extension ConflictSummary {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("record", .string(record)), JSONMember("other", .optional(other)),
      JSONMember("kind", .string(outcome.rawValue)), JSONMember("fields", .strings(fields)),
      JSONMember("instruction", .string(instruction)), JSONMember("choice", .optional(choice)),
    ])
  }
}
