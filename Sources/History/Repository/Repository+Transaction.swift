import Objects

extension Repository {
  /// Begins a change: waits for the lock, at most `wait` milliseconds, and settles what an interrupted operation
  /// left.
  ///
  /// - Parameters:
  ///   - verb: the verb as the operation log shall name it.
  ///   - description: one line for people.
  /// - Throws: ``Objects/ObjectsError/locked(path:holder:)`` when another process keeps the lock.
  public func begin(
    verb: String, description: String, identity: GitIdentity, time: GitTime, wait: Int = 5_000
  ) throws -> Transaction {
    let lock = try RepositoryLock(path: path + "/lock", wait: wait, fileSystem: fileSystem)
    return try Transaction(
      repository: self, verb: verb, description: description, identity: identity, time: time, lock: lock)
  }
}
