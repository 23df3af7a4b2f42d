import Glibc

/// Counts what was given and not yet taken: a semaphore of POSIX, which a thread can wait for.
public final class Signal: @unchecked Sendable {
  // Unchecked because the semaphore is made for being used by many threads, and has one place for as long as this lives.
  private let semaphore: UnsafeMutablePointer<sem_t>

  /// A signal that nobody has given.
  public init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Gives once more; lets one waiting thread go on.
  public func give() { sem_post(semaphore) }

  /// Takes what was given, and waits for it.
  public func take() {
    // A handler of a system signal may wake the thread early.
    while sem_wait(semaphore) != 0 {}
  }
}
