import Records

/// Reads a file of scores: JSON lines, a JSON array, CSV or TSV, whose rows name records and have numbers.
struct ScoreFile {
  let source: ImportSource
  /// The column of the records by which rows name them; nil for `record` or `pair`.
  let key: String?
  /// Score → column; empty for all columns of numbers.
  let columns: [String: String]
  let threads: Int

  /// - Throws: ``Failure`` with file and line.
  func read() throws -> ScoreSheet {
    try source.placing(hint: "correct the row and run the same command again") { try readRows() }
  }

  private func readRows() throws -> ScoreSheet {
    var reader = try TableReader(source: source.read)
    var scores = try ScoreColumns(columns, in: source.name)
    let decoder = reader.decoder
    var names: [KeyedRows.Name] = []
    var places: [OriginsChunk.Place] = []
    let naming = RowNaming(file: source.name, isGiven: key != nil)
    var keyColumn = key
    try Pipeline(threads: threads, making: {}).run(
      next: { () -> (RawChunk, String)? in
        guard let chunk = try reader.nextChunk() else { return nil }
        let column = try keyColumn ?? naming.column(of: decoder.decode(chunk))
        keyColumn = column
        return (chunk, column)
      },
      work: { _, item in try naming.rows(decoder.decode(item.0), key: item.1) },
      take: { rows in
        for row in rows {
          for (column, cell) in row.cells {
            try scores.add(
              cell, named: column, row: names.count, line: row.place.line, isTable: decoder.isTable)
          }
          names.append(KeyedRows.Name(line: row.place.line, value: row.key))
          places.append(row.place)
        }
      })
    guard !names.isEmpty else { throw Failure(.data, "\(source.name): the file has no rows") }
    let found = try scores.finish(rows: names.count)
    return ScoreSheet(
      key: key.map { .column($0) } ?? (keyColumn == RowNaming.pairColumn ? .pair : .record), rows: names,
      places: places, names: found.names, values: found.values)
  }
}

/// How the rows of a file name their records.
private struct RowNaming: Sendable {
  /// What messages call the file.
  let file: String
  /// Whether the user said by which column.
  let isGiven: Bool

  /// The column that names all records with a pair.
  static let pairColumn = "pair"

  /// One row, with the key's value as canonical JSON.
  struct Row: Sendable {
    let place: OriginsChunk.Place
    let key: [UInt8]
    let cells: [(column: String, cell: ScoreColumns.Cell)]
  }

  /// By which column rows name their records, as the first one does.
  func column(of rows: [TableRow]) throws -> String {
    guard let first = rows.first else { return KeyedRows.recordColumn }
    let found = [KeyedRows.recordColumn, Self.pairColumn].first { name in
      first.members.contains { $0.name == name }
    }
    guard let found else { throw unnamed(first, KeyedRows.recordColumn) }
    return found
  }

  func rows(_ rows: [TableRow], key: String) throws -> [Row] {
    try rows.map { row in
      guard let name = row.members.first(where: { $0.name == key })?.value, !name.isNull else {
        throw unnamed(row, key)
      }
      return Row(
        place: row.place, key: CanonicalJSON.encode(name),
        cells: row.members.compactMap { $0.name == key ? nil : ($0.name, ScoreColumns.Cell($0.value)) })
    }
  }

  private func unnamed(_ row: TableRow, _ column: String) -> Failure {
    let failure = Failure(.data, "\(file):\(row.place.line): the row has no column `\(column)`")
    if isGiven, let near = Suggestion.closest(to: column, among: row.members.map(\.name)) {
      return failure.hinting("did you mean `--key \(near)`?")
    }
    return failure.hinting(
      isGiven
        ? "every row names its record there; leave out rows that name none"
        : "a row names its record in `record` (3fa9c1e2:42), or all with a pair in `pair`; or by a column of the records: `--key COLUMN`"
    )
  }
}
