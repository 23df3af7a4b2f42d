import Glibc
import Objects
import Synchronization

/// Notes when the system does not let a check read: what looks damaged then may be nothing but a failing disk, a missing
/// permission or too many open files, and no repair may act on it.
final class WatchedFiles: FileSystem {
  private let files: any FileSystem
  private let first = Mutex<ObjectsError?>(nil)

  /// What the system refuses though it is there. Anything else (no such file, a folder in its place) is about the
  /// repository.
  private static let refusals: Set<Int32> = [
    EIO, EACCES, EPERM, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, ESTALE, ETIMEDOUT,
  ]

  init(_ files: any FileSystem) { self.files = files }

  /// The first refusal.
  var refusal: ObjectsError? { first.withLock { $0 } }

  private func watch<Result>(_ call: () throws(ObjectsError) -> Result) throws(ObjectsError) -> Result {
    do throws(ObjectsError) {
      return try call()
    } catch {
      if case .system(_, _, let code) = error, Self.refusals.contains(code) {
        first.withLock { $0 = $0 ?? error }
      }
      throw error
    }
  }

  func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    try watch { () throws(ObjectsError) in try files.open(path, access) }
  }
  func close(_ file: OpenFile) { files.close(file) }
  func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int {
    try watch { () throws(ObjectsError) in try files.read(file, into: buffer, at: offset) }
  }
  func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    try watch { () throws(ObjectsError) in try files.write(file, bytes) }
  }
  func startWriting(_ file: OpenFile) { files.startWriting(file) }
  func synchronize(_ file: OpenFile) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.synchronize(file) }
  }
  func synchronizeDirectory(_ path: String) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.synchronizeDirectory(path) }
  }
  func rename(_ source: String, to target: String) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.rename(source, to: target) }
  }
  func link(_ path: String, to name: String) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.link(path, to: name) }
  }
  func remove(_ path: String) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.remove(path) }
  }
  func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.truncate(file, to: length) }
  }
  func createDirectory(_ path: String) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.createDirectory(path) }
  }
  func removeDirectory(_ path: String) throws(ObjectsError) {
    try watch { () throws(ObjectsError) in try files.removeDirectory(path) }
  }
  func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry] {
    try watch { () throws(ObjectsError) in try files.entries(path) }
  }
  func status(_ path: String) throws(ObjectsError) -> FileStatus? {
    try watch { () throws(ObjectsError) in try files.status(path) }
  }
  func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus {
    try watch { () throws(ObjectsError) in try files.status(file) }
  }
  func lock(_ file: OpenFile) throws(ObjectsError) -> Bool {
    try watch { () throws(ObjectsError) in try files.lock(file) }
  }
  func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    try watch { () throws(ObjectsError) in try files.map(file, length: length) }
  }
}
