import History
import Objects
import Records

/// Whether a change that was planned without the lock still holds once the lock is there: whoever committed in the
/// meantime must have changed other records.
///
/// A file is read without the lock, since it may be large or slow, and standard input can be read only once. So the
/// plan is kept, not made again: what others added stays when a `--sync` did not know of it, and what others edited
/// is not overwritten.
struct Rebase {
  let workspace: Workspace
  /// The version the plan was made from; nil when there was none.
  let from: Commit?
  /// The branch that was current then; nil when HEAD named a commit itself.
  let branch: RefName?

  /// - Throws: ``Failure`` of kind `busy` when the branch is another one, or a record was changed on both sides; of
  ///   kind `data` when a batch has come in by another way.
  func check(_ change: SnapshotChange, onto now: Commit?) throws {
    try workspace.requireBranch(branch)
    guard let now, now.id != from?.id else {
      if now == nil, let from {
        throw Failure(
          .busy,
          "the branch was taken back behind `\(try workspace.repository.git().shortHex(from.id))` in the meantime",
          hint: "run the same command again")
      }
      return
    }
    try refuseKnownBatches(of: change, in: now)
    // Rows of a batch that nobody else brought are nobody else's records.
    guard let from, case .changed(let edited) = change.edits else { return }
    var changes = workspace.tree(of: from).diff(to: workspace.tree(of: now))
    var edits = edited[...]
    while let delta = try changes.next() {
      while let first = edits.first, first.key < delta.record { edits.removeFirst() }
      guard let edit = edits.first else { return }
      if edit.key == delta.record { throw try conflict(delta, in: now) }
    }
  }

  private func refuseKnownBatches(of change: SnapshotChange, in now: Commit) throws {
    let before = Set(try from.map(workspace.batchIDs) ?? [])
    let known = Set(try workspace.batchIDs(of: now)).subtracting(before)
    for batch in change.batches where known.contains(batch.id) {
      throw try Append.alreadyThere(batch.id, named: batch.batch.source?.name ?? "", workspace)
    }
  }

  private func conflict(_ delta: RecordDelta, in now: Commit) throws -> Failure {
    let what =
      switch delta.kind {
      case .added: "added"
      case .removed: "removed"
      case .edited: "edited"
      }
    return Failure(
      .busy,
      "another process \(what) the record \(try workspace.short(delta.record)) in the meantime, up to "
        + "`\(try workspace.repository.git().shortHex(now.id))`: nothing was changed",
      hint: "`mdata diff` shows what it did; then run the same command again")
  }
}

extension Workspace {
  /// - Parameter branch: the branch that was current before the lock was there; nil when HEAD named a commit itself.
  /// - Throws: ``Failure`` of kind `busy` when it is not any more.
  func requireBranch(_ branch: RefName?) throws {
    guard try repository.head().branch == branch else {
      throw Failure(
        .busy, "another process switched to `\(try currentBranch())` in the meantime",
        hint: "go to the branch you mean with `mdata switch`, and run the same command again")
    }
  }
}
