import Records
import Workbench

/// What a merge did, as text.
struct MergePage {
  let console: Console

  func print(_ result: MergeResult) {
    switch result.kind {
    case .upToDate:
      console.inform("Already up to date: \(result.theirs.short) is part of \(result.branch.escaped())")
    case .fastForward:
      console.line(
        "Moved \(result.branch.escaped()) on to \(console.styled(result.theirs.short, .identifier)): \(console.counts(result.changes))"
      )
    case .merge: merge(result)
    }
  }

  private func merge(_ result: MergeResult) {
    for outcome in MergeOutcome.allCases {
      guard let count = result.counts[outcome], count > 0 else { continue }
      console.line("  \(count.grouped)  \(outcome.rawValue)")
    }
    for conflict in result.open {
      console.line("\(conflict.outcome.rawValue)  \(conflict.record) \(conflict.other ?? "")  \(conflict.fields)")
    }
    if let commit = result.commit {
      console.line(
        "Merged as \(console.styled(commit.short, .identifier)) on \(result.branch.escaped()): \(console.counts(result.changes)); \(commit.records.of("record")) now"
      )
    }
  }
}
