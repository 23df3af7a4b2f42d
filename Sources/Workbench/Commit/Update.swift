import History
import Objects
import Records

/// `commit --update`: a file that brings only changed rows, matched by record id or by a key column. Its cost
/// follows the number of those rows, not the size of the dataset.
///
/// A row replaces the pair of its record; columns it does not mention stay as they are.
struct Update {
  /// The column that names a record when no key column is given.
  static let recordColumn = "record"

  let workspace: Workspace
  let key: String?
  let facts: BatchFacts

  /// What the file asks for, with its objects in the writer.
  func plan(_ source: ImportSource, from head: Commit, writer: PackWriter) throws -> SnapshotChange {
    let tree = workspace.tree(of: head)
    let reader = try RecordReader(workspace)
    let index = try key.map { try workspace.keyIndex(column: $0, at: head) }
    var change = SnapshotChange()
    let batch = EditBatch(writer)
    var edits: [(record: RecordID, row: UInt32, pair: ObjectID)] = []
    var seen: [RecordID: Int] = [:]
    let rows = IncomingRows(session: workspace.session, source: source, facts: facts)
    let layout = try rows.forEach { row in
      let line = row.place?.line ?? 0
      let record = try record(of: row, index, source)
      guard let entry = try tree.entry(for: record) else {
        throw Failure(.missing, "\(source.name):\(line): the version has no record `\(try workspace.short(record))`")
      }
      if let first = seen.updateValue(line, forKey: record) {
        throw Failure(.data, "\(source.name):\(line): this row changes the same record as line \(first)")
      }
      let (old, offset) = try reader.origins.chunk(of: entry.origin)
      let before = old.origins.cells(at: offset).map { cell in
        (name: old.origins.columnNames[cell.column], value: Array(old.origins.bytes[cell.value]))
      }
      let columns = Self.overlay(before, with: row.columns)
      let isSame = before.elementsEqual(columns) { $0.name == $1.name && $0.value == $1.value }
      if isSame && ObjectID.hash(.pair, row.pair) == entry.object {
        change.unchanged += 1
        return
      }
      let number = try batch.append(row.edit(columns: columns, of: record))
      edits.append((record, number, batch.pairs[Int(number) - 1]))
    }
    change.counts.edited = edits.count
    if !edits.isEmpty {
      let (id, value) = try batch.finish(source.description(), layout: layout, facts: facts)
      let prefix = BatchPrefix(of: id)
      change.batches = [SnapshotChange.NewBatch(id: id, batch: value, format: layout.format)]
      change.edits = edits.sorted { $0.record < $1.record }.map { edit in
        .put(TreeEntry(key: edit.record, object: edit.pair, origin: RecordID(batch: prefix, row: edit.row)))
      }
    }
    return change
  }

  /// The record a row is about.
  private func record(of row: IncomingRows.Row, _ index: KeyIndex?, _ source: ImportSource) throws -> RecordID {
    let line = row.place?.line ?? 0
    let column = key ?? Self.recordColumn
    guard let value = row.value(of: column) else {
      let failure = Failure(.data, "\(source.name):\(line): the row has no column `\(column)`")
      throw key == nil ? failure.hinting("name the column that identifies a row with `--key COLUMN`") : failure
    }
    guard let index else {
      guard case .string(let text) = try JSON.parse(value) else {
        throw Failure(.data, "\(source.name):\(line): column `\(column)` does not hold a record id")
      }
      return try workspace.record(text)
    }
    let records = try index.records(value)
    let shown = String(decoding: value, as: UTF8.self)
    guard let record = records.first else {
      throw Failure(
        .missing, "\(source.name):\(line): no record has \(column) = \(shown)",
        hint: "new rows come with `mdata commit FILE`; `--update` only changes rows")
    }
    guard records.count == 1 else {
      let names = try records.prefix(3).map(workspace.short).joined(separator: ", ")
      throw Failure(.data, "\(source.name):\(line): \(records.count) records have \(column) = \(shown): \(names)")
    }
    return record
  }

  /// Old columns, with new values where the row has them and its new columns; both sides and the result in order.
  private static func overlay(
    _ old: [(name: [UInt8], value: [UInt8])], with new: [(name: [UInt8], value: [UInt8])]
  ) -> [(name: [UInt8], value: [UInt8])] {
    let new = new.filter { !$0.name.elementsEqual(recordColumn.utf8) }
    var result = old.map { column in new.first { $0.name == column.name } ?? column }
    for column in new where !old.contains(where: { $0.name == column.name }) { result.append(column) }
    return result
  }
}
