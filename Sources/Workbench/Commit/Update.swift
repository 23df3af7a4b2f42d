import History
import Objects
import Records

/// `commit --update`: a file that brings only changed rows, matched by record id or by a key column. Its cost
/// follows the number of those rows, not the size of the dataset.
///
/// A row replaces the pair of its record; columns it does not mention stay as they are, and mean what they meant.
struct Update {
  let workspace: Workspace
  let key: String?
  let facts: BatchFacts

  /// What the file asks for, with its objects in the writer.
  func plan(
    _ source: ImportSource, from head: () throws -> Commit, writer: PackWriter
  ) throws -> SnapshotChange {
    var rows: [IncomingRows.Row] = []
    let layout = try IncomingRows(session: workspace.session, source: source, facts: facts).forEach {
      rows.append($0)
    }
    let keyed = KeyedRows(
      workspace: workspace, tree: try workspace.tree(of: head()), key: key,
      place: { "\(source.name):\($0)" })
    let targets = try keyed.targets(of: rows)
    let batches = try EditBatches(writer, threads: workspace.session.threads, facts)
    var change = SnapshotChange()
    for (row, target) in zip(rows, targets.rows) {
      let columns = Self.overlay(target.columns, with: row.columns)
      let isSame = target.columns.elementsEqual(columns) { $0.name == $1.name && $0.value == $1.value }
      if isSame && row.pairID == target.entry.object {
        change.unchanged += 1
      } else {
        change.counts.edited += 1
        let origin = target.entry.origin.batch
        batches.append(
          row.edit(columns: columns, of: target.entry.key), of: targets.batches[origin].map { (origin, $0) })
      }
    }
    guard change.counts.edited > 0 else { return change }
    let made = try batches.finish(source.description(), layout: layout)
    change.batches = made.batches
    change.edits = .changed(made.edits.sorted { $0.key < $1.key })
    return change
  }

  /// Old columns, with new values where the row has them, and its new columns.
  private static func overlay(
    _ old: [(name: [UInt8], value: [UInt8])], with new: [(name: [UInt8], value: [UInt8])]
  ) -> [(name: [UInt8], value: [UInt8])] {
    let new = new.filter { !$0.name.elementsEqual(KeyedRows.recordColumn.utf8) }
    var result = old.map { column in new.first { $0.name == column.name } ?? column }
    for column in new where !old.contains(where: { $0.name == column.name }) { result.append(column) }
    return result
  }
}
