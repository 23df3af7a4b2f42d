import Glibc
import Synchronization

/// The right to change a repository: one process at a time has it, and one that dies loses it.
///
/// It is the advisory lock (`flock`) of an open file, so no leftover can block anyone. The file's text says who
/// holds the lock, for the message to those who wait. It is removed at the end: a text that nobody holds the lock of
/// is that of a process that died, or whose change failed half way.
public final class RepositoryLock: Sendable {
  private let file: OpenFile
  private let fileSystem: any FileSystem
  private let leavesText = Atomic(false)
  /// Whether the one who had the lock before did not finish. What it renamed may not be durable.
  public let followsUnfinished: Bool

  /// Longest text read from a lock file, in bytes.
  private static let textLimit = 200

  /// Takes the lock, waiting up to `milliseconds` for another process to give it up. `holder` is what others are told:
  /// the process and what it does, in one line. `sleep` is given milliseconds. Throws
  /// ``ObjectsError/locked(path:holder:)`` when the wait was in vain.
  public init(
    path: String, holder: String, fileSystem: any FileSystem, waiting milliseconds: Int = 5_000,
    sleep: (Int) -> Void = RepositoryLock.pause
  ) throws(ObjectsError) {
    let file = try fileSystem.open(path, .readWriteOrCreate)
    do throws(ObjectsError) {
      var waited = 0
      var pause = 1
      while try !fileSystem.lock(file) {
        guard waited < milliseconds else {
          throw .locked(path: path, holder: Self.holder(file, fileSystem))
        }
        pause = min(pause, milliseconds - waited)
        sleep(pause)
        waited += pause
        pause = min(pause * 2, 50)
      }
      followsUnfinished = try fileSystem.status(file).length > 0
      try fileSystem.truncate(file, to: 0)
      try Array((holder + "\n").utf8).withUnsafeBytesThrowing { (text) throws(ObjectsError) in
        _ = try fileSystem.write(file, text)
      }
    } catch {
      fileSystem.close(file)
      throw error
    }
    self.file = file
    self.fileSystem = fileSystem
  }

  /// Lets the thread rest for a number of milliseconds.
  public static func pause(_ milliseconds: Int) { usleep(UInt32(clamping: milliseconds * 1_000)) }

  /// Notes that the change failed half way, for whoever takes the lock next.
  public func markUnfinished() { leavesText.store(true, ordering: .relaxed) }

  deinit {
    if !leavesText.load(ordering: .relaxed) { try? fileSystem.truncate(file, to: 0) }
    fileSystem.closeUnlocked(file)
  }

  /// The first line of a lock file, as far as it is printable ASCII.
  private static func holder(_ file: OpenFile, _ fileSystem: any FileSystem) -> String {
    var text = [UInt8](repeating: 0, count: textLimit)
    let count = (try? text.withUnsafeMutableBytes { try fileSystem.read(file, into: $0, at: 0) }) ?? 0
    let line = text[..<count].prefix { $0 >= 0x20 && $0 < 0x7f }
    return line.isEmpty ? "another process" : String(decoding: line, as: UTF8.self)
  }
}
