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

  /// What a row changes.
  struct Target {
    let entry: TreeEntry
    /// The record's columns as they are: names with canonical values.
    let columns: [(name: [UInt8], value: [UInt8])]
  }

  /// What the rows change.
  struct Targets {
    /// One for each row, in their order.
    let rows: [Target]
    /// The batches that the columns of all these came from.
    let batches: [BatchPrefix: Batch]
  }

  /// The record each row changes.
  ///
  /// - Throws: ``Failure`` naming the line of a row that names no record, several, or the same as another row.
  func targets(of rows: [IncomingRows.Row]) throws -> Targets {
    let column = key ?? Self.recordColumn
    let values = try rows.map { row in
      if let value = row.value(of: column) { return value }
      throw missingColumn(column, row)
    }
    let targets = try key == nil ? named(rows, values) : keyed(rows, values, column)
    var lines: [RecordID: IncomingRows.Row] = [:]
    for (row, target) in zip(rows, targets.rows) {
      if let first = lines.updateValue(row, forKey: target.entry.key) {
        throw failure(row, .data, "this row changes the same record as line \(first.line)")
          .hinting("leave one of the two rows out")
      }
    }
    return targets
  }

  private func named(_ rows: [IncomingRows.Row], _ values: [[UInt8]]) throws -> Targets {
    let records = try zip(rows, values).map { row, value in
      guard case .string(let text) = try JSON.parse(value) else {
        throw failure(row, .data, "column `\(Self.recordColumn)` does not hold a record id")
          .hinting("a record id is text such as \"3fa9c1e2:42\"; `mdata diff` prints them")
      }
      do {
        return (text, try workspace.record(text))
      } catch let cause as Failure {
        throw Failure(
          .data, "\(source):\(row.line): \(cause.message)", causes: cause.causes, hints: cause.hints)
      }
    }
    let found = try entries(for: records.map(\.1))
    let entries = try zip(zip(rows, records), found).map { row, entry in
      guard let entry else {
        throw failure(row.0, .missing, "the version has no record `\(row.1.0)`")
          .hinting("it was removed, or belongs to another repository; new rows come with `mdata commit FILE`")
      }
      return entry
    }
    let read = try ColumnsReader(workspace).read(entries.map(\.origin))
    return Targets(rows: zip(entries, read.columns).map(Target.init), batches: read.batches)
  }

  private func keyed(_ rows: [IncomingRows.Row], _ values: [[UInt8]], _ column: String) throws -> Targets {
    let matches = try workspace.repository.index().records(column: column, values: values)
    // The index also knows rows that later edits replaced and rows of other branches, and compares hashes.
    let candidates = matches.enumerated().flatMap { row, matches in matches.map { (row: row, match: $0) } }
    let current = try zip(candidates, entries(for: candidates.map(\.match.record))).compactMap { pair in
      pair.1.flatMap { $0.origin == pair.0.match.origin ? (row: pair.0.row, entry: $0) : nil }
    }
    let read = try ColumnsReader(workspace).read(current.map(\.entry.origin))
    var found = [[Target]](repeating: [], count: rows.count)
    for (candidate, columns) in zip(current, read.columns) {
      let value = columns.first { $0.name.elementsEqual(column.utf8) }?.value
      guard value == values[candidate.row] else { continue }
      found[candidate.row].append(Target(entry: candidate.entry, columns: columns))
    }
    let targets = try zip(zip(rows, values), found).map { row, targets in
      func shown() -> String { String(decoding: row.1, as: UTF8.self) }
      guard let target = targets.first else {
        throw failure(row.0, .missing, "no record has \(column) = \(shown())")
          .hinting("new rows come with `mdata commit FILE`; `--update` only changes rows")
      }
      guard targets.count == 1 else {
        let names = try targets.prefix(3).map { try workspace.short($0.entry.key) }.joined(separator: ", ")
        throw failure(row.0, .data, "\(targets.count) records have \(column) = \(shown()): \(names)")
          .hinting("choose a column that names one record, or a column `record` with record ids")
      }
      return target
    }
    return Targets(rows: targets, batches: read.batches)
  }

  /// The entries of records in any order, each node read once.
  private func entries(for records: [RecordID]) throws -> [TreeEntry?] {
    let distinct = Set(records).sorted()
    let found = try Dictionary(uniqueKeysWithValues: zip(distinct, tree.entries(for: distinct)))
    return records.map { found[$0] ?? nil }
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
