import Workbench

/// Rows as a table. The first rows decide how wide the columns are; what does not fit is cut, with an ellipsis. Rows
/// of more columns than a line can hold are printed one value a line.
final class QueryGrid: QueryPage {
  private let console: Console
  private var columns: [String] = []
  private var widths: [Int] = []
  private var isNumber: [Bool] = []
  private var waiting: [[QueryCell]] = []
  private var isLaidOut = false
  private var isExpanded = false
  private var count = 0

  /// Rows looked at before the first is printed.
  private static let sample = 200
  private static let gap = 2
  /// Narrower than this a column is not made.
  private static let least = 12

  init(console: Console) { self.console = console }

  func begin(_ head: QueryHead) {
    columns = head.columns.map { $0.oneLine(width: 40) }
    console.page()
  }

  func add(_ row: [QueryCell]) {
    guard !isLaidOut else { return print(row) }
    waiting.append(row)
    if waiting.count >= Self.sample { layOut() }
  }

  func end(_ result: QueryResult) {
    layOut()
    console.inform(console.styled(result.rows.of("row"), .faint))
  }

  private func layOut() {
    guard !isLaidOut else { return }
    isLaidOut = true
    isNumber = columns.indices.map { column in
      waiting.contains { $0[column] != .null }
        && waiting.allSatisfy { row in
          switch row[column] {
          case .integer, .real, .null: true
          default: false
          }
        }
    }
    let wanted = columns.indices.map { column in
      waiting.reduce(max(1, columns[column].displayWidth)) {
        max($0, Self.text($1[column], width: console.output.width).displayWidth)
      }
    }
    let room = console.output.width - Self.gap * (columns.count - 1)
    isExpanded = wanted.reduce(0) { $0 + min($1, Self.least) } > room
    if isExpanded {
      for row in waiting { print(row) }
      waiting = []
      return
    }
    widths = Self.share(wanted, of: room)
    line(
      columns.enumerated().map {
        console.styled(Self.fit($1.oneLine(width: widths[$0]), widths[$0], isNumber[$0]), .heading)
      })
    line(widths.map { String(repeating: "-", count: $0) })
    for row in waiting { print(row) }
    waiting = []
  }

  /// Widths that fit: columns keep what they want while a fair share of the rest is left for the others.
  static func share(_ wanted: [Int], of total: Int) -> [Int] {
    var widths = wanted
    var rest = total
    var left = wanted.count
    for column in wanted.indices.sorted(by: { (wanted[$0], $0) < (wanted[$1], $1) }) {
      widths[column] = min(wanted[column], max(least, rest / max(1, left)))
      rest -= widths[column]
      left -= 1
    }
    return widths
  }

  private func print(_ row: [QueryCell]) {
    count += 1
    if isExpanded { return printExpanded(row) }
    line(
      row.enumerated().map { column, cell in
        let text = Self.text(cell, width: widths[column])
        if cell == .null { return console.styled(Self.fit(text, widths[column], isNumber[column]), .faint) }
        return Self.fit(text, widths[column], isNumber[column])
      })
  }

  private func printExpanded(_ row: [QueryCell]) {
    let width = columns.reduce(0) { max($0, $1.displayWidth) }
    console.line(console.styled("row \(count.grouped)", .heading))
    for (column, cell) in row.enumerated() {
      let text = Self.text(cell, width: max(20, console.output.width - width - Self.gap - 2))
      let name = "  " + columns[column].padded(to: width + Self.gap)
      console.line((name + (cell == .null ? console.styled(text, .faint) : text)).trimmingSuffixSpaces())
    }
  }

  private func line(_ cells: [String]) {
    console.line(cells.joined(separator: String(repeating: " ", count: Self.gap)).trimmingSuffixSpaces())
  }

  private static func text(_ cell: QueryCell, width: Int) -> String {
    (cell.text ?? "null").oneLine(width: width)
  }

  private static func fit(_ text: String, _ width: Int, _ isNumber: Bool) -> String {
    isNumber ? text.aligned(to: width) : text.padded(to: width)
  }
}
