import Objects
import Synchronization

/// `work` of every index below `count` on up to `threads` threads; results in the order of the indices, so that
/// they do not depend on the number of threads.
func parallel<Value: Sendable>(
  _ count: Int, threads: Int, _ work: @Sendable (Int) throws -> Value
) throws -> [Value] {
  guard threads > 1, count > 1 else { return try (0..<count).map(work) }
  let slots = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
  let next = Atomic(0)
  Threads.run(min(threads, count)) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let value = Result { try work(index) }
      slots.withLock { $0[index] = value }
    }
  }
  return try slots.withLock { try $0.compactMap { try $0?.get() } }
}
