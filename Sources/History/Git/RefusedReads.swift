import Glibc
import Objects
import Synchronization

/// What the system refused while libgit2 was reading through us: libgit2 hides it behind codes of its own. By thread,
/// since libgit2 asks on the thread that called it.
enum RefusedReads {
  private static let refusals = Mutex<[pthread_t: ObjectsError]>([:])

  /// Remembers the first refusal of this thread's call. Other errors are about the file, and libgit2's to tell.
  static func note(_ error: ObjectsError) {
    guard error.isRefusal else { return }
    refusals.withLock { refusals in
      if refusals[pthread_self()] == nil { refusals[pthread_self()] = error }
    }
  }

  /// What was refused during this thread's call; it is forgotten.
  static func take() -> ObjectsError? { refusals.withLock { $0.removeValue(forKey: pthread_self()) } }
}
