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
    // First all rows with the same pair, then all with the same task: a row must not take another's better match.
    var places: [Int?] = leftover.map { matching.takeSamePair($0) }
    for (position, row) in leftover.enumerated() where places[position] == nil {
      places[position] = try matching.takeSameTask(row)
    }
    let removed = matching.remaining
    change.counts.edited = places.count { $0 != nil }
    change.counts.added = places.count - change.counts.edited
    change.counts.removed = removed.count
    var edits: [TreeEdit] = removed.map { .remove($0) }
    if !leftover.isEmpty {
      let known = Set(try workspace.batchIDs(of: head).map { BatchPrefix(of: $0) })
      let tree = workspace.tree(of: head)
      let batches = try EditBatches(writer, threads: workspace.session.threads, facts) {
        // Whatever it says: another row has taken it, or no row did and it is removed.
        try known.contains($0.key.batch) && tree.entry(for: $0.key) != nil
      }
      for (row, place) in zip(leftover, places) {
        let match = place.map { matching.entries[$0] }
        try batches.append(row.edit(of: match?.key), of: match.map { try matching.batch(of: $0) })
      }
      let made = try batches.finish(source.description(), layout: layout)
      change.batches = made.batches
      edits += made.edits
    }
    change.edits = .changed(edits.sorted { $0.key < $1.key })
    return change
  }
}
