import History
import Objects
import Records

/// `commit --sync`: a file that is the whole dataset, edited elsewhere. Rows are matched by pair and columns, then
/// by pair, then by everything but the answer; what is left over was added or removed.
struct Sync {
  let workspace: Workspace
  let facts: BatchFacts

  /// What the file asks for, with its objects in the writer.
  func plan(_ source: ImportSource, from head: Commit, writer: PackWriter) throws -> SnapshotChange {
    var matching = try RecordMatching(workspace, head)
    var change = SnapshotChange()
    var leftover: [IncomingRows.Row] = []
    let rows = IncomingRows(session: workspace.session, source: source, facts: facts)
    let layout = try rows.forEach { row in
      if try matching.takeEqual(row) != nil { change.unchanged += 1 } else { leftover.append(row) }
    }
    try matching.indexTasks()
    let batch = EditBatch(writer, threads: workspace.session.threads)
    var puts: [(record: RecordID?, row: UInt32)] = []
    // First all rows with the same pair, then all with the same task: a row must not take another's better match.
    var records: [RecordID?] = leftover.map { row in
      matching.takeSamePair(row).map { matching.entries[$0].key }
    }
    for (position, row) in leftover.enumerated() where records[position] == nil {
      records[position] = try matching.takeSameTask(row).map { matching.entries[$0].key }
    }
    for (row, record) in zip(leftover, records) {
      puts.append((record, try batch.append(row.edit(of: record))))
    }
    let removed = matching.remaining
    change.counts.edited = records.count { $0 != nil }
    change.counts.added = records.count - change.counts.edited
    change.counts.removed = removed.count
    var edits: [TreeEdit] = removed.map { .remove($0) }
    if !puts.isEmpty {
      let (id, value, pairs) = try batch.finish(source.description(), layout: layout, facts: facts)
      let prefix = BatchPrefix(of: id)
      change.batches = [SnapshotChange.NewBatch(id: id, batch: value, format: layout.format)]
      edits += puts.map { put in
        let origin = RecordID(batch: prefix, row: put.row)
        return .put(TreeEntry(key: put.record ?? origin, object: pairs[Int(put.row) - 1], origin: origin))
      }
    }
    change.edits = .changed(edits.sorted { $0.key < $1.key })
    return change
  }
}
