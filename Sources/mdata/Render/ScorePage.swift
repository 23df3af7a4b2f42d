import Records
import Workbench

/// What was scored, or would be, as text.
struct ScorePage {
  let console: Console
  let isDryRun: Bool

  func print(_ result: ScoreResult) {
    console.inform("Read \(result.rows.of("row")) of \(result.file?.escaped() ?? "the query")")
    let name = result.scores.map(\.name.displayWidth).max() ?? 0
    let count = result.scores.map(\.records.grouped.count).max() ?? 0
    for score in result.scores {
      let range =
        score.range.map {
          "  \(Self.text($0.least)) to \(Self.text($0.greatest)), mean \(Self.text($0.mean, digits: 4))"
        } ?? ""
      console.line(
        "  \(score.name.padded(to: name))  \(score.records.grouped.aligned(to: count)) record\(score.records == 1 ? "" : "s")\(range)"
      )
    }
    if result.silent > 0 {
      console.remark("note: \(result.silent.of("row")) without a number: unscored")
    }
    let same = result.unchanged == 0 ? "" : ", \(result.unchanged.grouped) had the same"
    if let commit = result.commit {
      console.line(
        "Committed \(console.styled(commit.short, .identifier)) on \(result.branch.escaped()): scored \(result.edited.of("record"))\(same)"
      )
    } else if isDryRun {
      console.line("Would score \(result.edited.of("record"))\(same)")
    } else {
      console.line("Nothing changed\(same): no commit made")
    }
  }

  /// A number as JSON has it, or to some digits behind the point.
  private static func text(_ number: Double, digits: Int? = nil) -> String {
    let shown = digits.map { abs(number) < 1e9 ? number.fixed($0) : nil } ?? nil
    return shown ?? String(decoding: CanonicalJSON.encode(.number(number)), as: UTF8.self)
  }
}

extension ScoreResult {
  func json(isDryRun: Bool) -> JSONValue {
    .document(
      "score",
      [
        JSONMember("dry_run", .bool(isDryRun)), JSONMember("from", .string(from.commit)),
        JSONMember("commit", .optional(commit?.commit)), JSONMember("branch", .string(branch)),
        JSONMember("file", .optional(file)), JSONMember("sha256", .optional(sha256)),
        JSONMember("query", .optional(query)), JSONMember("rows", .int(rows)),
        JSONMember("unscored", .int(silent)), JSONMember("edited", .int(edited)),
        JSONMember("unchanged", .int(unchanged)),
        JSONMember(
          "scores",
          .array(
            scores.map { score in
              .object([
                JSONMember("name", .string(score.name)), JSONMember("records", .int(score.records)),
                JSONMember("min", score.range.map { .number($0.least) } ?? .null),
                JSONMember("mean", score.range.map { .number($0.mean) } ?? .null),
                JSONMember("max", score.range.map { .number($0.greatest) } ?? .null),
              ])
            })),
      ])
  }
}
