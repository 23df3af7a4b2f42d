/// The part of a source that is in memory: from the end of the last row handed out to as far as was read.
struct SourceWindow {
  /// Reads into the buffer and returns how many bytes; 0 at the end of the source.
  typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

  private(set) var bytes: [UInt8] = []
  /// The offset in the source of `bytes[0]`.
  private(set) var byteOffset = 0
  /// True when the source has no more bytes.
  private(set) var isAtEnd = false
  private let source: Source

  init(_ source: @escaping Source) { self.source = source }

  /// Reads until at least `size` bytes are here or the source ends.
  mutating func fill(to size: Int) throws {
    guard bytes.count < size, !isAtEnd else { return }
    try replace(keeping: 0, size: size)
  }

  /// Drops the first `offset` bytes and reads until `size` bytes are here or the source ends.
  mutating func advance(by offset: Int, thenFillTo size: Int) throws {
    byteOffset += offset
    try replace(keeping: offset, size: max(size, bytes.count - offset))
  }

  /// Makes a new array of the bytes from `start` on and what follows in the source; the old one may be in use.
  private mutating func replace(keeping start: Int, size: Int) throws {
    let kept = bytes.count - start
    var ended = isAtEnd
    bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      bytes.withUnsafeBytes { old in
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[start...]))
      }
      count = kept
      while count < size, !ended {
        let read = try source(UnsafeMutableRawBufferPointer(rebasing: target[count..<size]))
        ended = read <= 0
        count += max(0, min(read, size - count))
      }
    }
    isAtEnd = ended
  }
}
