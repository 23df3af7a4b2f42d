/// The compressed bytes of an input, buffered, with the offset of the next one. One thread at a time.
final class CompressedInput {
  let name: String
  /// Offset of the next unused byte in the whole input.
  private(set) var offset = 0
  private let source: ByteSource
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 64)
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  init(name: String, source: @escaping ByteSource) {
    self.name = name
    self.source = source
  }

  deinit { memory.deallocate() }

  /// The bytes at hand; empty only at the end of the input. Valid until the next call.
  func available() throws -> UnsafeRawBufferPointer {
    if start == end { try fill() }
    return UnsafeRawBufferPointer(rebasing: memory[start..<end])
  }

  /// Marks bytes at hand as used.
  func use(_ count: Int) {
    start += count
    offset += count
  }

  /// The next bytes without using them: `count` of them, or all there are before the end.
  func peek(_ count: Int) throws -> [UInt8] {
    while end - start < count, !isAtEnd { try fill() }
    return Array(memory[start..<min(end, start + count)])
  }

  /// Fills a part of a buffer that is not empty, past the input's own memory when that is empty.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if start == end {
      let count = isAtEnd ? 0 : try source(buffer)
      isAtEnd = count == 0
      offset += count
      return count
    }
    let count = min(buffer.count, end - start)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<start + count]))
    use(count)
    return count
  }

  func damage(_ reason: String) -> ObjectsError {
    .damagedStream(name: name, offset: offset, reason: reason)
  }

  /// Reads more behind what is at hand, which is moved to the front.
  private func fill() throws {
    guard !isAtEnd else { return }
    if start > 0 {
      let rest = end - start
      if rest > 0 {
        UnsafeMutableRawBufferPointer(rebasing: memory[..<rest])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
      }
      start = 0
      end = rest
    }
    let count = try source(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
    isAtEnd = count == 0
    end += count
  }
}
