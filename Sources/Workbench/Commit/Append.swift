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
      try refuseKnown(batch.id, named: batch.name, onto: head, change)
      change.batches.append(batch.change)
    }
    return added(imports.map { (BatchPrefix(of: $0.id), $0.pairs) }, to: change)
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
      try refuseKnown(batch.batch, named: batch.source, onto: head, change)
      change.batches.append(try workspace.newBatch(batch.batch))
    }
    let pairs = try staged.map {
      (BatchPrefix(of: $0.batch), try workspace.repository.staging.pairs(of: $0))
    }
    return added(pairs, to: change)
  }

  private func added(_ batches: [(BatchPrefix, [ObjectID])], to change: SnapshotChange) -> SnapshotChange {
    var change = change
    change.counts.added = batches.reduce(0) { $0 + $1.1.count }
    change.edits = .added(batches.sorted { $0.0 < $1.0 }.map { (batch: $0.0, pairs: $0.1) })
    return change
  }

  static func alreadyThere(_ id: ObjectID, named name: String, _ workspace: Workspace) throws -> Failure {
    Failure(
      .data,
      "\(name) is in this version already, as batch `\(try workspace.short(BatchPrefix(of: id)))`: "
        + "same rows, same provenance",
      hint: "to bring changed rows use `mdata commit --update` or `--sync`")
  }

  private func refuseKnown(
    _ id: ObjectID, named name: String, onto head: Commit?, _ change: SnapshotChange
  ) throws {
    let isKnown = change.batches.contains { $0.id == id }
    if try isKnown || head.map({ try workspace.batchIDs(of: $0).contains(id) }) == true {
      throw try Self.alreadyThere(id, named: name, workspace)
    }
  }
}
