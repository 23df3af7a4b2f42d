import History
import Records

/// Makes scores of the rows of a query: the first column names a record, the others are numbers.
struct ScoreQuery {
  let text: String
  let timeLimit: Double
  let memoryLimit: Int?

  /// - Throws: ``Failure`` with the place in the query, or the row that is no score.
  func run(on commit: Commit, in workspace: Workspace) throws -> ScoreSheet {
    let watch = QueryWatch(limit: timeLimit, clock: workspace.session.steadyClock)
    let views = try QueryViews(commit, in: workspace, watch, memoryLimit: memoryLimit)
    do {
      return try rows(of: views.prepare(text), most: commit.dataset.records)
    } catch let error as QueryError {
      var added: [String] = []
      if case .unknownColumn = error { added = (try? views.userColumns.all()) ?? [] }
      throw Failure(error, in: text, added: added)
    }
  }

  /// - Parameter most: how many records there are; a query with more rows names some of them again.
  private func rows(of statement: QueryStatement, most: Int) throws -> ScoreSheet {
    let names = try scores(statement.columns.map(\.name))
    var rows: [KeyedRows.Name] = []
    var values: [Double] = []
    while try statement.step() {
      let row = rows.count + 1
      guard row <= most else {
        throw Self.failure(row, "there are more rows than the version has records").hinting(Self.onceHint)
      }
      guard let record = statement.value(0).name else {
        throw Self.failure(row, "its `record` is not a record id")
          .hinting("`record` of the views records, origins and scores is one, such as 3fa9c1e2:42")
      }
      rows.append(KeyedRows.Name(line: row, value: CanonicalJSON.encode(.string(record))))
      for (place, name) in names.enumerated() {
        values.append(try Self.number(statement.value(place + 1), name, row))
      }
    }
    return ScoreSheet(key: .record, rows: rows, places: [], names: names, values: values)
  }

  private func scores(_ columns: [String]) throws -> [String] {
    let form = "such as \"SELECT record, length(output) AS answer_length FROM records\""
    guard columns.first == KeyedRows.recordColumn else {
      throw Failure(
        .usage, "the first column of the query is `\(columns.first ?? "")` and has to be `record`", hint: form
      )
    }
    let names = Array(columns.dropFirst())
    guard !names.isEmpty else { throw Failure(.usage, "the query has no column for a score", hint: form) }
    guard names.count <= ScoreSheet.mostScores else {
      throw Failure(
        .usage, "there are more than \(ScoreSheet.mostScores) scores", hint: "run several queries")
    }
    for (place, name) in names.enumerated() {
      try ScoreName.check(name, hint: "name the column with AS, \(form)")
      guard !names[..<place].contains(name) else {
        throw Failure(.usage, "two columns of the query are called `\(name)`", hint: "name them with AS")
      }
    }
    return names
  }

  /// Not a number for null.
  private static func number(_ value: QueryValue, _ name: String, _ row: Int) throws -> Double {
    switch value {
    case .null: return .nan
    case .integer(let number): return Double(number)
    case .real(let number):
      guard number.isFinite else {
        throw failure(row, "`\(name)` is no finite number").hinting("null leaves a record unscored")
      }
      return number
    case .text, .blob:
      throw failure(row, "`\(name)` is a text and no number")
        .hinting("`CAST(x AS REAL)` makes a number of a text that spells one; null leaves a record unscored")
    }
  }

  /// What to do when a record is named again.
  static let onceHint = "a query names each record once: `… GROUP BY record`"

  /// What messages call a row.
  static func place(_ row: Int) -> String { "row \(row) of the query" }

  private static func failure(_ row: Int, _ message: String) -> Failure {
    Failure(.data, "\(place(row)): \(message)")
  }
}
