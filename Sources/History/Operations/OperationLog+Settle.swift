extension OperationLog {
  /// Whether every reference of the newest operation is as after it, or was moved on by another program.
  func isSettled(_ git: GitRepository) throws -> Bool {
    guard let newest = try latest() else { return true }
    for change in try ReferenceChanges(newest.operation).effective
    where try git.target(of: change.name) == change.old { return false }
    return true
  }

  /// Brings an operation that was interrupted between its file and its references to one side or the other, and
  /// returns the newest operation that stands. Called with the repository's lock held.
  ///
  /// When none of its references moved, nothing of it was ever visible: it is dropped. When some did, the others
  /// follow. A reference that is neither as before nor as after was moved by another program and is left alone.
  func settle(_ git: GitRepository) throws -> LoggedOperation? {
    guard let newest = try latest() else { return nil }
    let changes = try ReferenceChanges(newest.operation).effective
    guard !changes.isEmpty else { return newest }
    var waiting: [ReferenceChanges.Change] = []
    for change in changes {
      guard try git.target(of: change.name) == change.old else { continue }
      try git.removeLocks(of: change.name, movingTo: change.new)
      waiting.append(change)
    }
    if waiting.count == changes.count {
      try remove(newest)
      return try latest()
    }
    for change in waiting { try git.move(change.name, from: change.old, to: change.new) }
    return newest
  }
}
