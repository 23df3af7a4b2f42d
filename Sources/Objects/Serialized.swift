import Synchronization

/// A value that threads use in turn.
///
/// Where `Mutex` demands that nothing task-isolated enters its closure, this lends the value together with a
/// caller's unsafe buffers; the value must keep none of them.
final class Serialized<Value>: @unchecked Sendable {
  // Unchecked because the value is only reached with the lock held.
  private let lock = Mutex<Void>(())
  private let value: Value

  init(_ value: Value) { self.value = value }

  func use<Result, Failure: Error>(_ body: (Value) throws(Failure) -> Result) throws(Failure) -> Result {
    try lock.withLock { (_) throws(Failure) in try body(value) }
  }
}
