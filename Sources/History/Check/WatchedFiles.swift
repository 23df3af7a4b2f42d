import Objects
import Synchronization

/// Notes when the system does not let a check read: what looks damaged then may be nothing but a failing disk, a missing
/// permission or too many open files, and no repair may act on it.
final class WatchedFiles: InterposingFileSystem {
  let real: any FileSystem
  private let first = Mutex<ObjectsError?>(nil)

  init(_ real: any FileSystem) { self.real = real }

  /// The first refusal.
  var refusal: ObjectsError? { first.withLock { $0 } }

  func after(_ failure: ObjectsError) {
    guard failure.isRefusal else { return }
    first.withLock { $0 = $0 ?? failure }
  }
}
