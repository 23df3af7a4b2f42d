import Synchronization

/// Things that one thread at a time may use, kept for the next thread that needs one.
final class Pool<Element>: @unchecked Sendable {
  // Unchecked because an element crosses threads only by being taken out here and put back.
  private let lock = Mutex<Void>(())
  private var idle: [Element] = []

  /// Lends an idle element, or a new one, for the duration of `body`.
  func withElement<Result, Failure: Error>(
    making make: () throws(Failure) -> Element, _ body: (Element) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let taken = lock.withLock { _ in idle.popLast() }
    let element = if let taken { taken } else { try make() }
    defer { lock.withLock { _ in idle.append(element) } }
    return try body(element)
  }

  /// Drops all idle elements.
  func removeAll() { lock.withLock { _ in idle.removeAll() } }
}
