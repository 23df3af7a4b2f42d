import Glibc
import Objects

/// The repository's writer lock, held until it is dropped or its process ends.
final class RepositoryLock {
  private let file: OpenFile
  private let fileSystem: any FileSystem

  /// Takes the lock, waiting up to `wait` milliseconds for another process to end.
  ///
  /// - Throws: ``Objects/ObjectsError/locked(path:holder:)``.
  init(path: String, wait: Int, fileSystem: any FileSystem) throws(ObjectsError) {
    self.fileSystem = fileSystem
    file = try fileSystem.open(path, .readWriteOrCreate)
    var waited = 0
    while try !fileSystem.lock(file) {
      guard waited < wait else {
        fileSystem.close(file)
        throw .locked(path: path, holder: "another process")
      }
      usleep(5_000)
      waited += 5
    }
  }

  deinit { fileSystem.close(file) }
}
