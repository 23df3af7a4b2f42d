import Glibc
public import Objects

extension Repository {
  /// Begins a change: waits for the lock, at most `wait` milliseconds, and settles what an interrupted operation
  /// left.
  ///
  /// - Parameters:
  ///   - verb: the verb as the operation log shall name it.
  ///   - description: one line for people.
  ///   - pack: objects that were written before the lock was needed; the transaction continues it.
  /// - Throws: ``Objects/ObjectsError/locked(path:holder:)`` when another process keeps the lock.
  public func begin(
    verb: String, description: String, identity: GitIdentity, time: GitTime, pack: PackWriter? = nil,
    wait: Int = 5_000
  ) throws -> Transaction {
    let lock = try RepositoryLock(
      path: path + "/lock", holder: "process \(getpid()), which runs `mdata \(verb)`", fileSystem: fileSystem,
      waiting: wait)
    return try Transaction(
      repository: self, verb: verb, description: description, identity: identity, time: time,
      pack: pack, lock: lock)
  }
}
