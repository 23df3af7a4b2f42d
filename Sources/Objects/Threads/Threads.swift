import Glibc

/// Threads of the system, and nothing in between.
///
/// Not libdispatch's: it watches its workers through `/proc`, and ends the process when that cannot be opened, as when a
/// process has as many files open as it may. Here whoever asks does the work himself when there is no thread to be had.
public enum Threads {
  /// Calls `body` with each number below `count`, each on a thread of its own, 0 on the caller's. Returns when all have
  /// returned.
  public static func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var threads: [pthread_t] = []
      var left: [Int] = []
      for number in 1..<max(1, count) {
        if let thread = create({ body(number) }) { threads.append(thread) } else { left.append(number) }
      }
      if count > 0 { body(0) }
      for number in left { body(number) }
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  /// Runs `body` on a thread that nobody waits for. Returns false, with nothing done, when there is none to be had.
  @discardableResult
  public static func detach(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = create(body) else { return false }
    pthread_detach(thread)
    return true
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static func create(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    var thread = pthread_t()
    let passed = Unmanaged.passRetained(Body(body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        // Nothing but this function gets the argument, and it always gets one.
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, passed.toOpaque())
    if code == 0 { return thread }
    passed.release()
    return nil
  }
}
