import Synchronization

/// A thread that does what it is given, one piece after the other in the order given. It begins with the first piece and
/// ends after the last when this value goes.
public final class WorkThread: Sendable {
  private let queue = Queue()

  /// A thread without work.
  public init() {}

  deinit { queue.end() }

  /// Gives it a piece of work. Where there is no thread to be had, the caller does it before this returns.
  public func add(_ work: @escaping @Sendable () -> Void) { queue.add(work) }

  /// What the thread and its owner share.
  private final class Queue: Sendable {
    private struct State {
      var waiting: [@Sendable () -> Void] = []
      var isRunning = false
      var isEnding = false
    }

    private let state = Mutex(State())
    private let signal = Signal()

    func add(_ work: @escaping @Sendable () -> Void) {
      let isRunning = state.withLock { state in
        if !state.isRunning { state.isRunning = Threads.detach { self.run() } }
        if state.isRunning { state.waiting.append(work) }
        return state.isRunning
      }
      if isRunning { signal.give() } else { work() }
    }

    func end() {
      state.withLock { $0.isEnding = true }
      signal.give()
    }

    private func run() {
      while true {
        signal.take()
        let work: (@Sendable () -> Void)? = state.withLock { state in
          state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
        if let work { work() } else if state.withLock({ $0.isEnding && $0.waiting.isEmpty }) { return }
      }
    }
  }
}
