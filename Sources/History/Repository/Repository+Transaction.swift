import Glibc
public import Objects

extension Repository {
  /// Begins a change: waits for the lock, at most `wait` milliseconds, and settles what an interrupted operation
  /// left.
  ///
  /// - Parameters:
  ///   - verb: the verb as the operation log shall name it.
  ///   - description: one line for people.
  ///   - signing: gives each commit its signature, if it shall have one.
  ///   - pack: objects that were written before the lock was needed; the transaction continues it.
  /// - Throws: ``Objects/ObjectsError/locked(path:holder:)`` when another process keeps the lock.
  public func begin(
    verb: String, description: String, identity: GitIdentity, time: GitTime,
    signing: @escaping Signing = { _ in nil }, pack: PackWriter? = nil, wait: Int = 5_000
  ) throws -> Transaction {
    try Transaction(
      repository: self, verb: verb, description: description, identity: identity, time: time,
      signing: signing, pack: pack, lock: lock(verb, wait: wait))
  }

  private func lock(_ verb: String, wait: Int) throws -> RepositoryLock {
    try RepositoryLock(
      path: path + "/lock", holder: "process \(getpid()), which runs `mdata \(verb)`", fileSystem: fileSystem,
      waiting: wait)
  }

  /// Brings an operation whose process died half way to one side or the other, before HEAD is looked at by a verb
  /// that takes the lock later. Takes the lock itself, and only when there is something to do.
  public func settleInterrupted(verb: String, wait: Int = 5_000) throws {
    let git = try git()
    guard try !operations.isSettled(git, staging) else { return }
    let lock = try lock(verb, wait: wait)
    _ = try settle(git, lock)
  }

  /// Makes durable and completes what whoever had the lock before did not. Returns the newest operation that stands.
  func settle(_ git: GitRepository, _ lock: RepositoryLock) throws -> LoggedOperation? {
    do {
      if lock.followsUnfinished { try recover() }
      return try operations.settle(git, staging)
    } catch {
      lock.markUnfinished()
      throw error
    }
  }
}
