import History
import Objects
import Records

/// What a merge writes: the changes of their side, what was put together, and what was decided.
struct MergeEdits {
  /// In the order of the records.
  private(set) var edits: [TreeEdit]
  /// Records that get a new row, in the order of the records.
  private(set) var rows: [(record: RecordID, fields: RecordFields, model: TreeEntry)] = []

  init(_ plan: MergePlan) {
    edits = plan.edits
    rows = plan.merged.map { ($0.record, $0.fields, $0.model) }
  }

  /// Adds what was decided about a conflict.
  mutating func decide(_ conflict: MergeConflict, _ choice: MergeChoice) {
    switch choice {
    case .ours: break
    case .theirs: takeTheirs(conflict)
    case .both: takeBoth(conflict)
    case .fields(let fields):
      guard let model = conflict.ours ?? conflict.theirs else { break }
      rows.append((conflict.record, fields, model))
    }
  }

  private mutating func takeTheirs(_ conflict: MergeConflict) {
    if conflict.other != nil { edits.append(.remove(conflict.record)) }
    edits.append(conflict.theirs.map { .put($0) } ?? .remove(conflict.record))
  }

  /// One of two edits becomes a record of its own, named by the row that it came in.
  private mutating func takeBoth(_ conflict: MergeConflict) {
    guard let ours = conflict.ours, let theirs = conflict.theirs else {
      if let theirs = conflict.theirs { edits.append(.put(theirs)) }
      return
    }
    if conflict.other != nil {
      edits.append(.put(theirs))
    } else if theirs.origin != theirs.key {
      edits.append(.put(TreeEntry(key: theirs.origin, object: theirs.object)))
    } else {
      edits.append(.put(theirs))
      edits.append(.put(TreeEntry(key: ours.origin, object: ours.object)))
    }
  }

  /// Writes the new rows as batches of edits, and returns all edits in the order of the records with those batches.
  ///
  /// Rows are grouped by the batch that the record's columns came from, so that what that one says of its columns (which
  /// of them is the teacher, the licence, a score) holds for them.
  mutating func write(_ workspace: Workspace, into writer: PackWriter) throws -> [ObjectID] {
    let reader = try OriginReader(workspace.store)
    var batches: [ObjectID] = []
    let groups = Dictionary(grouping: rows, by: \.model.origin.batch)
    for prefix in groups.keys.sorted() {
      guard let rows = groups[prefix]?.sorted(by: { $0.record < $1.record }) else { continue }
      let batch = EditBatch(writer, threads: workspace.session.threads)
      for row in rows {
        try batch.append(
          EditBatch.Row(pair: row.fields.pair[...], columns: row.fields.columns, edits: row.record))
      }
      let (id, pairs) = try batch.finish(as: reader.batch(prefix).batch)
      batches.append(id)
      for (position, row) in rows.enumerated() {
        let origin = RecordID(batch: BatchPrefix(of: id), row: UInt32(position + 1))
        edits.append(.put(TreeEntry(key: row.record, object: pairs[position], origin: origin)))
      }
    }
    edits.sort { $0.key < $1.key }
    return batches
  }
}
