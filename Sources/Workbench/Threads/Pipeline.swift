import Objects
import Synchronization

/// Work on items in a fixed order, by several threads: the caller's thread makes the items and takes the results, both
/// in order, while the others work. What comes out does not depend on the number of threads.
///
/// Each thread has a state of its own (a decompressor, a reader), made when it first works and kept between runs.
/// Used by one thread at a time.
final class Pipeline<State> {
  private let lanes: [Lane]
  private let make: @Sendable () throws -> State

  /// Items in flight for each thread: enough to bridge the caller's pauses, few enough to bound memory.
  private static var depth: Int { 4 }

  /// - Parameter make: makes a thread's state, on that thread.
  init(threads: Int, making make: @escaping @Sendable () throws -> State) {
    lanes = (0..<max(1, threads)).map { _ in Lane() }
    self.make = make
  }

  /// Calls `next` until it returns nil, `work` on each item on some thread, and `take` with each result.
  ///
  /// - Throws: the first error in the order of the items; then no later result is taken, and no thread works on.
  func run<Item: Sendable, Value: Sendable>(
    next: () throws -> Item?, work: @escaping @Sendable (State, Item) throws -> Value,
    take: (Value) throws -> Void
  ) throws {
    guard lanes.count > 1 else {
      while let item = try next() { try take(try work(lanes[0].state(make), item)) }
      return
    }
    var flying: [Flight<Value>] = []
    var first = 0
    var started = 0
    // Whoever leaves early still waits: the threads use states that the next run will use.
    defer { for flight in flying[first...] { _ = flight.land() } }
    var isExhausted = false
    while true {
      while !isExhausted, flying.count - first < lanes.count * Self.depth {
        guard let item = try next() else {
          isExhausted = true
          break
        }
        let flight = Flight<Value>()
        let lane = lanes[started % lanes.count]
        let make = make
        lane.thread.add { flight.arrive(Result { try work(lane.state(make), item) }) }
        flying.append(flight)
        started += 1
      }
      guard first < flying.count else { return }
      let flight = flying[first]
      first += 1
      if first == 1024 {
        flying.removeFirst(first)
        first = 0
      }
      try take(try flight.land().get())
    }
  }

  /// One thread's work and state.
  private final class Lane: @unchecked Sendable {
    // Unchecked because the state is touched on the thread alone, or by the caller when there is only one lane.
    let thread = WorkThread()
    private var made: State?

    func state(_ make: () throws -> State) throws -> State {
      if let made { return made }
      let state = try make()
      made = state
      return state
    }
  }

  /// A result that is on its way.
  private final class Flight<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let arrived = Signal()

    func arrive(_ value: sending Result<Value, any Error>) {
      let value = value
      result.withLock { $0 = value }
      arrived.give()
    }

    func land() -> Result<Value, any Error> {
      arrived.take()
      return result.withLock { result in
        defer { result = nil }
        return result ?? .failure(PipelineError.landedTwice)
      }
    }
  }
}

private enum PipelineError: Error { case landedTwice }
