import History
import Objects
import Records

/// A commit of imported batches: every row becomes a record.
struct Append {
  let workspace: Workspace

  /// From batches just imported.
  func plan(_ imports: [ImportedBatch], onto head: Commit?) throws -> SnapshotChange {
    var change = SnapshotChange()
    for batch in imports {
      try append(batch.id, batch.pairs, named: batch.name, onto: head, to: &change)
      change.batches.append(batch.change)
    }
    change.edits.sort { $0.key < $1.key }
    return change
  }

  /// From batches staged earlier.
  func plan(staged: [StagedBatch], onto head: Commit?) throws -> SnapshotChange {
    guard !staged.isEmpty else {
      throw Failure(
        .no, "nothing is staged",
        hint:
          "stage files with `mdata add FILE`, or commit them in one go with `mdata commit FILE -m MESSAGE`")
    }
    var change = SnapshotChange()
    for batch in staged {
      let pairs = try workspace.repository.staging.pairs(of: batch)
      try append(batch.batch, pairs, named: batch.source, onto: head, to: &change)
      change.batches.append(try workspace.newBatch(batch.batch))
    }
    change.edits.sort { $0.key < $1.key }
    return change
  }

  static func alreadyThere(_ id: ObjectID, named name: String, _ workspace: Workspace) throws -> Failure {
    Failure(
      .data,
      "\(name) is in this version already, as batch `\(try workspace.short(BatchPrefix(of: id)))`: "
        + "same rows, same provenance",
      hint: "to bring changed rows use `mdata commit --update` or `--sync`")
  }

  private func append(
    _ id: ObjectID, _ pairs: [ObjectID], named name: String, onto head: Commit?,
    to change: inout SnapshotChange
  ) throws {
    let prefix = BatchPrefix(of: id)
    let isKnown = change.batches.contains { $0.id == id }
    if try isKnown || head.map({ try workspace.batchIDs(of: $0).contains(id) }) == true {
      throw try Self.alreadyThere(id, named: name, workspace)
    }
    change.edits.reserveCapacity(change.edits.count + pairs.count)
    for (index, pair) in pairs.enumerated() {
      change.edits.append(.put(TreeEntry(key: RecordID(batch: prefix, row: UInt32(index + 1)), object: pair)))
    }
    change.counts.added += pairs.count
  }
}
