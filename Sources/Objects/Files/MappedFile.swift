/// Bytes of a file that stay readable, at one address, for as long as this object lives.
///
/// The files mapped are never changed in place, so the bytes are immutable and may be read from any thread.
public final class MappedFile: @unchecked Sendable {
  /// The bytes. Valid only while this object lives.
  public let bytes: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void

  /// Takes over bytes; `release` is called with them once, at the end.
  public init(_ bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void)
  {
    self.bytes = bytes
    self.release = release
  }

  deinit { release(bytes) }
}
