import History
import Records

/// Finds the records that the rows of a file are about.
struct KeyedRows {
  let workspace: Workspace
  let tree: SnapshotTree
  /// The column that names a row; nil for the record id itself.
  let key: String?
  /// What messages call the row of a line.
  let place: (Int) -> String
  /// What to do about a row whose record is not there.
  var hint = "new rows come with `mdata commit FILE`; `--update` only changes rows"

  /// What a row calls its record.
  struct Name {
    /// The line of the row, from 1.
    let line: Int
    /// A canonical JSON value.
    let value: [UInt8]
  }

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
    let names = try rows.map { row in
      if let value = row.value(of: column) { return Name(line: row.line, value: value) }
      throw missingColumn(column, row)
    }
    let targets = try key == nil ? columns(of: named(names)) : keyed(names, column)
    var lines: [RecordID: Int] = [:]
    for (row, target) in zip(rows, targets.rows) {
      if let first = lines.updateValue(row.line, forKey: target.entry.key) {
        throw failure(row.line, .data, "this row changes the same record as line \(first)")
          .hinting("leave one of the two rows out")
      }
    }
    return targets
  }

  /// The records of names, as the version has them. Several can name the same one. Of records that a key column names,
  /// columns are read and not kept: memory does not grow with them.
  ///
  /// - Throws: ``Failure`` naming the line of a name of no record, or of several.
  func entries(of names: [Name]) throws -> [TreeEntry] {
    guard let key else { return try named(names) }
    return try stride(from: 0, to: names.count, by: Self.slice).flatMap { start in
      try keyed(Array(names[start..<min(start + Self.slice, names.count)]), key).rows.map(\.entry)
    }
  }

  /// Names whose columns are in memory together.
  private static let slice = 8_192

  private func columns(of entries: [TreeEntry]) throws -> Targets {
    let read = try ColumnsReader(workspace).read(entries.map(\.origin))
    return Targets(rows: zip(entries, read.columns).map(Target.init), batches: read.batches)
  }

  private func named(_ names: [Name]) throws -> [TreeEntry] {
    // Rows of one batch begin alike, and a short form is looked up once.
    var batches: [Substring: BatchPrefix] = [:]
    let records = try names.map { name in
      guard case .string(let text) = try JSON.parse(name.value) else {
        throw failure(name.line, .data, "column `\(Self.recordColumn)` does not hold a record id")
          .hinting("a record id is text such as \"3fa9c1e2:42\"; `mdata diff` prints them")
      }
      let digits = text.prefix { $0 != ":" }
      if let batch = batches[digits], let row = UInt32(text[digits.endIndex...].dropFirst()), row > 0 {
        return (text, RecordID(batch: batch, row: row))
      }
      do {
        let record = try workspace.record(text)
        batches[digits] = record.batch
        return (text, record)
      } catch let cause as Failure {
        throw Failure(
          .data, "\(place(name.line)): \(cause.message)", causes: cause.causes, hints: cause.hints)
      }
    }
    return try zip(zip(names, records), entries(for: records.map(\.1))).map { row, entry in
      guard let entry else {
        throw failure(row.0.line, .missing, "the version has no record `\(row.1.0)`")
          .hinting("it was removed, or belongs to another repository; new rows come with `mdata commit FILE`")
      }
      return entry
    }
  }

  private func keyed(_ names: [Name], _ column: String) throws -> Targets {
    let values = names.map(\.value)
    let matches = try workspace.repository.index().records(column: column, values: values)
    // The index also knows rows that later edits replaced and rows of other branches, and compares hashes.
    let candidates = matches.enumerated().flatMap { row, matches in matches.map { (row: row, match: $0) } }
    let current = try zip(candidates, entries(for: candidates.map(\.match.record))).compactMap { pair in
      pair.1.flatMap { $0.origin == pair.0.match.origin ? (row: pair.0.row, entry: $0) : nil }
    }
    let read = try ColumnsReader(workspace).read(current.map(\.entry.origin))
    var found = [[Target]](repeating: [], count: names.count)
    for (candidate, columns) in zip(current, read.columns) {
      let value = columns.first { $0.name.elementsEqual(column.utf8) }?.value
      guard value == values[candidate.row] else { continue }
      found[candidate.row].append(Target(entry: candidate.entry, columns: columns))
    }
    let targets = try zip(names, found).map { name, targets in
      func shown() -> String { String(decoding: name.value, as: UTF8.self) }
      guard let target = targets.first else {
        throw failure(name.line, .missing, "no record has \(column) = \(shown())").hinting(hint)
      }
      guard targets.count == 1 else {
        let names = try targets.prefix(3).map { try workspace.short($0.entry.key) }.joined(separator: ", ")
        throw failure(name.line, .data, "\(targets.count) records have \(column) = \(shown()): \(names)")
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
    let failure = failure(row.line, .data, "the row has no column `\(column)`")
    if key == nil { return failure.hinting("name the column that identifies a row with `--key COLUMN`") }
    let names = row.columns.map { String(decoding: $0.name, as: UTF8.self) }
    if let near = Suggestion.closest(to: column, among: names) {
      return failure.hinting("did you mean `--key \(near)`?")
    }
    return failure.hinting(
      names.isEmpty ? "the row has only its pair" : "its columns are \(names.joined(separator: ", "))")
  }

  private func failure(_ line: Int, _ kind: Failure.Kind, _ message: String) -> Failure {
    Failure(kind, "\(place(line)): \(message)")
  }
}
