import History
import Records

/// Finds the records that the rows of an update are about.
struct KeyedRows {
  let workspace: Workspace
  let tree: SnapshotTree
  /// The column that names a row; nil for the record id itself.
  let key: String?
  let source: String

  /// The column that names a record when no key column is given.
  static let recordColumn = "record"

  /// The entry each row changes, in the order of the rows.
  ///
  /// - Throws: ``Failure`` naming the line of a row that names no record, several, or the same as another row.
  func entries(for rows: [IncomingRows.Row]) throws -> [TreeEntry] {
    let column = key ?? Self.recordColumn
    let values = try rows.map { row in
      if let value = row.value(of: column) { return value }
      throw missingColumn(column, row)
    }
    let entries = try key == nil ? named(rows, values) : keyed(rows, values, column)
    var lines: [RecordID: Int] = [:]
    for (row, entry) in zip(rows, entries) {
      if let first = lines.updateValue(row.line, forKey: entry.key) {
        throw failure(row, .data, "this row changes the same record as line \(first)")
          .hinting("leave one of the two rows out")
      }
    }
    return entries
  }

  private func named(_ rows: [IncomingRows.Row], _ values: [[UInt8]]) throws -> [TreeEntry] {
    try zip(rows, values).map { row, value in
      guard case .string(let text) = try JSON.parse(value) else {
        throw failure(row, .data, "column `\(Self.recordColumn)` does not hold a record id")
          .hinting("a record id is text such as \"3fa9c1e2:42\"; `mdata diff` prints them")
      }
      let record: RecordID
      do {
        record = try workspace.record(text)
      } catch let cause as Failure {
        throw Failure(
          .data, "\(source):\(row.line): \(cause.message)", causes: cause.causes, hints: cause.hints)
      }
      guard let entry = try tree.entry(for: record) else {
        throw failure(row, .missing, "the version has no record `\(text)`")
          .hinting("it was removed, or belongs to another repository; new rows come with `mdata commit FILE`")
      }
      return entry
    }
  }

  private func keyed(_ rows: [IncomingRows.Row], _ values: [[UInt8]], _ column: String) throws -> [TreeEntry]
  {
    let matches = try workspace.repository.index().records(column: column, values: values)
    return try zip(zip(rows, values), matches).map { row, matches in
      // The index also knows rows that later edits replaced, and rows of other branches.
      let entries = try matches.compactMap { match in
        try tree.entry(for: match.record).flatMap { $0.origin == match.origin ? $0 : nil }
      }
      let shown = String(decoding: row.1, as: UTF8.self)
      guard let entry = entries.first else {
        throw failure(row.0, .missing, "no record has \(column) = \(shown)")
          .hinting("new rows come with `mdata commit FILE`; `--update` only changes rows")
      }
      guard entries.count == 1 else {
        let names = try entries.prefix(3).map { try workspace.short($0.key) }.joined(separator: ", ")
        throw failure(row.0, .data, "\(entries.count) records have \(column) = \(shown): \(names)")
          .hinting("choose a column that names one record, or a column `record` with record ids")
      }
      return entry
    }
  }

  private func missingColumn(_ column: String, _ row: IncomingRows.Row) -> Failure {
    let failure = failure(row, .data, "the row has no column `\(column)`")
    if key == nil { return failure.hinting("name the column that identifies a row with `--key COLUMN`") }
    let names = row.columns.map { String(decoding: $0.name, as: UTF8.self) }
    if let near = Suggestion.closest(to: column, among: names) {
      return failure.hinting("did you mean `--key \(near)`?")
    }
    return failure.hinting(
      names.isEmpty ? "the row has only its pair" : "its columns are \(names.joined(separator: ", "))")
  }

  private func failure(_ row: IncomingRows.Row, _ kind: Failure.Kind, _ message: String) -> Failure {
    Failure(kind, "\(source):\(row.line): \(message)")
  }
}
