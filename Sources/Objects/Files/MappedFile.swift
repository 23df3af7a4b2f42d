/// Bytes of a file that stay readable, at one address, for as long as this object lives.
///
/// The files mapped are never changed in place, so the bytes are immutable and may be read from any thread.
public final class MappedFile: @unchecked Sendable {
  /// The bytes. Valid only while this object lives.
  public let bytes: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void
  private let discard: @Sendable (UnsafeRawBufferPointer) -> Void

  /// Takes over bytes; `release` is called with them once, at the end. `discard` may take them out of memory where
  /// they can be read from the file again.
  public init(
    _ bytes: UnsafeRawBufferPointer, discard: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in },
    release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) {
    self.bytes = bytes
    self.discard = discard
    self.release = release
  }

  /// Gives the memory back that the bytes read so far take. They stay readable, and whoever reads on reads from the
  /// system's cache of the file.
  public func forget() { discard(bytes) }

  deinit { release(bytes) }
}
