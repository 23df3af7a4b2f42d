import Glibc
import Objects
import Synchronization

/// Notes when the system does not let a check read: what looks damaged then may be nothing but a failing disk, a missing
/// permission or too many open files, and no repair may act on it.
final class WatchedFiles: InterposingFileSystem {
  let real: any FileSystem
  private let first = Mutex<ObjectsError?>(nil)

  /// What the system refuses though it is there. Anything else (no such file, a folder in its place) is about the
  /// repository.
  private static let refusals: Set<Int32> = [
    EIO, EACCES, EPERM, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, ESTALE, ETIMEDOUT,
  ]

  init(_ real: any FileSystem) { self.real = real }

  /// The first refusal.
  var refusal: ObjectsError? { first.withLock { $0 } }

  func after(_ failure: ObjectsError) {
    guard case .system(_, _, let code) = failure, Self.refusals.contains(code) else { return }
    first.withLock { $0 = $0 ?? failure }
  }
}
