import Records
import Workbench

/// Where records came from, a line each.
final class BlameListPage {
  private let console: Console
  private let result: BlameListResult
  private let lines: Int
  private let width: Int
  /// The last row's commit and what it is called: the next row mostly has the same.
  private var last = (commit: "", text: "")

  init(_ result: BlameListResult, on console: Console) {
    self.console = console
    self.result = result
    lines = result.lastLine > 0 ? String(result.lastLine).utf8.count : 0
    width = console.output.width - (lines > 0 ? lines + 2 : 0) - result.longestRecord - 26
  }

  func add(_ row: BlameRow) {
    let line = row.line.map { String($0).aligned(to: lines) + "  " } ?? ""
    console.line(
      console.styled(line, .faint) + mark(row.match) + " "
        + console.styled((row.record ?? "").padded(to: result.longestRecord), .identifier) + "  "
        + console.styled(name(row.commit), .faint) + "  "
        + row.instruction.oneLine(width: max(20, width)))
  }

  private func name(_ commit: CommitSummary?) -> String {
    guard let commit else { return "".padded(to: 20) }
    if commit.commit != last.commit {
      let day = DisplayTime.local(commit.time, offset: commit.utcOffset).prefix(10)
      last = (commit.commit, "\(commit.short)  \(day)".padded(to: 20))
    }
    return last.text
  }

  func end() {
    if result.rows == 0 { return console.inform("Nothing found in \(result.commit.short)") }
    var words = [result.rows.of("row")]
    if result.edited > 0 { words.append("\(result.edited.grouped) edited since") }
    if result.absent > 0 { words.append("\(result.absent.grouped) not in \(result.commit.short)") }
    console.inform(words.joined(separator: ", "))
  }

  private func mark(_ match: BlameRow.Match) -> String {
    switch match {
    case .same: " "
    case .edited: console.styled("~", .edited)
    case .absent: console.styled("+", .added)
    }
  }
}

/// `blame --json` of several rows, written row by row.
final class BlameListDocument {
  private let console: Console
  private var isFirst = true

  init(_ result: BlameListResult, on console: Console) {
    self.console = console
    write("{\"schema\":\"mdata.blame-list/v1\",\"commit\":\"\(result.commit.commit)\",\"rows\":[")
  }

  func add(_ row: BlameRow) {
    if !isFirst { write(",") }
    isFirst = false
    console.write(CanonicalJSON.encode(row.json))
  }

  func end() { write("]}\n") }

  private func write(_ text: String) { console.write(Array(text.utf8)) }
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
