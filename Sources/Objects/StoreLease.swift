/// What keeps `gc` from dropping objects that a writer counts on.
///
/// A writer leaves out of its pack what the store holds already, long before anything refers to it. So it holds a
/// shared lock (`flock`) on the directory of the packs from before it looks at the store until its change is
/// visible, and `gc` drops objects only with the exclusive one. A process that dies loses its lease.
public final class StoreLease: Sendable {
  private let file: OpenFile
  private let fileSystem: any FileSystem

  private init(_ file: OpenFile, _ fileSystem: any FileSystem) {
    self.file = file
    self.fileSystem = fileSystem
  }

  deinit { fileSystem.closeUnlocked(file) }

  /// A writer's lease. Waits for a `gc` that is dropping objects at this moment: milliseconds. Throws
  /// ``ObjectsError/locked(path:holder:)`` when the wait was in vain.
  static func shared(_ directory: String, _ fileSystem: any FileSystem) throws(ObjectsError) -> StoreLease {
    guard
      let lease = try take(
        directory, fileSystem, waiting: 5_000,
        { (file) throws(ObjectsError) in try fileSystem.lockShared(file) })
    else { throw .locked(path: directory, holder: "`mdata gc`") }
    return lease
  }

  /// The right to drop objects, or nil when writers are at work for longer than the wait.
  static func exclusive(
    _ directory: String, _ fileSystem: any FileSystem, waiting milliseconds: Int
  ) throws(ObjectsError) -> StoreLease? {
    try take(directory, fileSystem, waiting: milliseconds) { (file) throws(ObjectsError) in
      try fileSystem.lock(file)
    }
  }

  private static func take(
    _ directory: String, _ fileSystem: any FileSystem, waiting milliseconds: Int,
    _ lock: (OpenFile) throws(ObjectsError) -> Bool
  ) throws(ObjectsError) -> StoreLease? {
    let lease = StoreLease(try fileSystem.open(directory, .read), fileSystem)
    var waited = 0
    while try !lock(lease.file) {
      guard waited < milliseconds else { return nil }
      RepositoryLock.pause(1)
      waited += 1
    }
    return lease
  }
}
