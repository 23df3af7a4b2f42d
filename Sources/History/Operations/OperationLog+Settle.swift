import Records

extension OperationLog {
  /// Whether what is staged and every reference of the newest operation is as after it, or was moved on by another
  /// program.
  func isSettled(_ git: GitRepository, _ staging: StagingArea) throws -> Bool {
    guard let newest = try latest() else { return true }
    for change in try ReferenceChanges(newest.operation).effective
    where try git.target(of: change.name) == change.old { return false }
    return try newest.operation.staging.map { try staging.current().digest != $0.before } ?? true
  }

  /// What the newest operation leaves staged when its references have moved and what is staged has yet to follow; nil
  /// when nothing is waiting. For readers: to them such an operation is done.
  func stagedSoon(_ git: GitRepository, _ staging: StagingArea) throws -> StagingState? {
    guard let newest = try latest(), let staged = newest.operation.staging,
      try staging.current().digest == staged.before
    else { return nil }
    let changes = try ReferenceChanges(newest.operation).effective
    guard !changes.isEmpty else { return nil }
    for change in changes where try git.target(of: change.name) == change.old { return nil }
    return try staging.state(staged.after)
  }

  /// Brings an operation that was interrupted between its file and its references to one side or the other, and
  /// returns the newest operation that stands. Called with the repository's lock held.
  ///
  /// When none of its references moved, and what is staged neither, nothing of it was ever visible: it is dropped.
  /// When some did, the others follow, and what is staged last. A reference that is neither as before nor as after was moved by another program and is left alone.
  func settle(_ git: GitRepository, _ staging: StagingArea) throws -> LoggedOperation? {
    guard let newest = try latest() else { return nil }
    let changes = try ReferenceChanges(newest.operation).effective
    let staged = newest.operation.staging
    guard !changes.isEmpty || staged != nil else { return newest }
    var waiting: [ReferenceChanges.Change] = []
    for change in changes {
      guard try git.target(of: change.name) == change.old else { continue }
      try git.removeLocks(of: change.name, movingTo: change.new)
      waiting.append(change)
    }
    let stagingWaits = try staged.map { try staging.current().digest == $0.before } ?? true
    if waiting.count == changes.count && stagingWaits {
      try remove(newest)
      return try latest()
    }
    for change in waiting { try git.move(change.name, from: change.old, to: change.new) }
    if let staged, stagingWaits { try staging.set(staging.state(staged.after)) }
    return newest
  }
}
