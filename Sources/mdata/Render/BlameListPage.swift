import Records
import Workbench

/// Where records came from, a line each.
struct BlameListPage {
  let console: Console

  func print(_ result: BlameListResult) {
    console.page()
    if result.rows.isEmpty { return console.inform("Nothing found in \(result.commit.short)") }
    let lines = String(result.rows.compactMap(\.line).max() ?? 0).utf8.count
    let records = result.rows.compactMap { $0.record?.utf8.count }.max() ?? 0
    for row in result.rows {
      let line = row.line.map { String($0).aligned(to: lines) + "  " } ?? ""
      let commit =
        row.commit.map { "\($0.short)  \(DisplayTime.local($0.time, offset: $0.utcOffset).prefix(10))" } ?? ""
      let width = console.output.width - line.utf8.count - records - 26
      console.line(
        console.styled(line, .faint) + mark(row.match) + " "
          + console.styled((row.record ?? "").padded(to: records), .identifier) + "  "
          + console.styled(commit.padded(to: 20), .faint) + "  "
          + row.instruction.oneLine(width: max(20, width)))
    }
    let counts = Dictionary(grouping: result.rows, by: \.match).mapValues(\.count)
    var words = [result.rows.count.of("row")]
    if let edited = counts[.edited] { words.append("\(edited.grouped) edited since") }
    if let absent = counts[.absent] { words.append("\(absent.grouped) not in \(result.commit.short)") }
    console.inform(words.joined(separator: ", "))
  }

  private func mark(_ match: BlameRow.Match) -> String {
    switch match {
    case .same: " "
    case .edited: console.styled("~", .edited)
    case .absent: console.styled("+", .added)
    }
  }

  static func document(_ result: BlameListResult) -> JSONValue {
    .document(
      "blame-list",
      [
        JSONMember("commit", .string(result.commit.commit)),
        JSONMember("rows", .array(result.rows.map(\.json))),
      ])
  }
}

extension BlameRow {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("line", line.map(JSONValue.int) ?? .null), JSONMember("match", .string(match.rawValue)),
      JSONMember("record", .optional(record)), JSONMember("commit", .optional(commit?.commit)),
      JSONMember("batch", .optional(batch?.batch)), JSONMember("origin", origin.map(\.json) ?? .null),
      JSONMember("instruction", .string(instruction)),
    ])
  }
}
