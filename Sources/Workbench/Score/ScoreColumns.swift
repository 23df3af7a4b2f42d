import Records

/// Collects the numbers of a file's rows column by column, and finds out which columns are scores.
struct ScoreColumns {
  /// What stands in a cell.
  enum Cell: Sendable {
    /// Null or an empty text: nothing is said.
    case nothing
    case number(Double)
    /// A text that spells a number. In a file that has no other values it is one.
    case spelled(Double)
    /// No finite number: its spelling.
    case infinite(String)
    case other
  }

  private struct Column {
    let name: String
    var rows: [UInt32] = []
    var values: [Double] = []
    /// The line of the first cell that is no number, where no number came before.
    var otherLine: Int?
    var firstLine: Int?
  }

  /// Columns that rows can have; a table with more is something else.
  private static let mostColumns = 10_000

  /// Score → column; empty when every column of numbers is a score.
  private let chosen: [String: String]
  /// What messages call the file.
  private let file: String
  private var columns: [Column] = []
  /// The column's places among ``columns``: of one column several scores can be made.
  private var places: [String: [Int]] = [:]

  init(_ chosen: [String: String], in file: String) throws {
    self.chosen = chosen
    self.file = file
    for (name, column) in chosen.sorted(by: { $0.key < $1.key }) {
      try ScoreName.check(name, hint: "the form is `--column NAME=COLUMN`")
      places[column, default: []].append(columns.count)
      columns.append(Column(name: name))
    }
    try checkCount(line: 0)
  }

  /// Adds what a row has in one column.
  ///
  /// - Parameter isTable: whether all cells are texts, so that one that spells a number is one.
  /// - Throws: ``Failure`` naming file and line when it cannot be a score.
  mutating func add(_ cell: Cell, named column: String, row: Int, line: Int, isTable: Bool) throws {
    if chosen.isEmpty {
      try addFound(cell, named: column, row, line, isTable)
    } else {
      for place in places[column] ?? [] { try addChosen(cell, column, to: place, row, line) }
    }
  }

  private mutating func addChosen(
    _ cell: Cell, _ column: String, to place: Int, _ row: Int, _ line: Int
  ) throws {
    columns[place].firstLine = columns[place].firstLine ?? line
    switch cell {
    case .nothing: break
    case .number(let number), .spelled(let number): keep(number, place, row)
    case .infinite(let text): throw infinite(text, column, line)
    case .other:
      throw failure(line, "column `\(column)` does not hold a number")
        .hinting("a judge that gave no number has null or nothing there: such a row is unscored")
    }
  }

  private mutating func addFound(
    _ cell: Cell, named column: String, _ row: Int, _ line: Int, _ isTable: Bool
  ) throws {
    // The texts that were judged may stand beside their scores.
    guard !ScoreName.ofPairs.contains(column) else { return }
    let place = places[column]?.first ?? columns.count
    if place == columns.count {
      guard place < Self.mostColumns else { throw failure(line, "the rows have more than \(place) columns") }
      places[column] = [place]
      columns.append(Column(name: column))
    }
    let number: Double
    switch cell {
    case .nothing: return
    case .number(let value): number = value
    case .spelled(let value) where isTable: number = value
    case .infinite(let text) where isTable && columns[place].otherLine == nil:
      throw infinite(text, column, line)
    default:
      if let first = columns[place].firstLine { throw mixed(column, number: first, other: line, at: line) }
      columns[place].otherLine = columns[place].otherLine ?? line
      return
    }
    if let other = columns[place].otherLine { throw mixed(column, number: line, other: other, at: line) }
    if columns[place].firstLine == nil {
      do {
        try ScoreName.check(
          column, hint: "`--column NAME=\(column)` gives it another name, and takes no other column")
      } catch let cause as Failure {
        throw Failure(.data, "\(file):\(line): \(cause.message)", causes: cause.causes, hints: cause.hints)
      }
      columns[place].firstLine = line
      try checkCount(line: line)
    }
    keep(number, place, row)
  }

  private mutating func keep(_ number: Double, _ place: Int, _ row: Int) {
    columns[place].rows.append(UInt32(row))
    columns[place].values.append(number)
  }

  private func checkCount(line: Int) throws {
    guard columns.count(where: { !chosen.isEmpty || $0.firstLine != nil }) > ScoreSheet.mostScores else {
      return
    }
    throw Failure(
      .usage, "there are more than \(ScoreSheet.mostScores) scores",
      hint: "take some of them at a time: `--column NAME=COLUMN`")
  }

  /// The scores and their numbers, row by row.
  ///
  /// - Throws: ``Failure`` when there are none.
  func finish(rows: Int) throws -> (names: [String], values: [Double]) {
    let scores = columns.filter { $0.firstLine != nil }
    if let absent = columns.first(where: { $0.firstLine == nil && !chosen.isEmpty }) {
      throw Failure(
        .data, "\(file): no row has the column `\(chosen[absent.name] ?? absent.name)`",
        hint: "the form is `--column NAME=COLUMN`, with a column of the file")
    }
    guard !scores.isEmpty else {
      throw Failure(
        .data, "\(file): no column beside the one that names records holds numbers",
        hint: "a row is such as {\"record\":\"3fa9c1e2:42\",\"quality\":4.5}")
    }
    var values = [Double](repeating: .nan, count: rows * scores.count)
    for (score, column) in scores.enumerated() {
      for (row, value) in zip(column.rows, column.values) { values[Int(row) * scores.count + score] = value }
    }
    return (scores.map(\.name), values)
  }

  private func mixed(_ column: String, number: Int, other: Int, at line: Int) -> Failure {
    failure(
      line,
      "column `\(column)` holds a number on line \(number) and something else on line \(other)"
    ).hinting(
      "`--column NAME=COLUMN` names the columns that are scores; a judge that gave no number has null there")
  }

  private func infinite(_ text: String, _ column: String, _ line: Int) -> Failure {
    failure(line, "column `\(column)` holds `\(text.prefix(40))`, which is no finite number")
      .hinting("leave the cell empty where there is no score")
  }

  private func failure(_ line: Int, _ message: String) -> Failure {
    Failure(.data, "\(file):\(line): \(message)")
  }
}

extension ScoreColumns.Cell {
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .nothing
    case .number(let number): self = number.isFinite ? .number(number) : .infinite("\(number)")
    case .string(let text): self.init(text)
    case .bool, .array, .object: self = .other
    }
  }

  private init(_ text: String) {
    guard text.utf8.count <= 64 else {
      self = .other
      return
    }
    if text.isEmpty {
      self = .nothing
    } else if text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text) {
      self = number.isFinite ? .spelled(number) : .infinite(text)
    } else {
      let name = text.lowercased().drop { "+-".contains($0) }
      self = ["nan", "inf", "infinity"].contains(String(name)) ? .infinite(text) : .other
    }
  }
}
