/// Memory that is kept between uses and grows to the largest of them. One thread at a time.
final class ScratchBuffer {
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { memory.deallocate() }

  /// Room for `count` bytes, whose contents are undefined. Ends the life of what was handed out before.
  func room(for count: Int) -> UnsafeMutableRawBufferPointer {
    if memory.count < count || memory.baseAddress == nil {
      memory.deallocate()
      memory = .allocate(
        byteCount: max(count, min(memory.count * 2, PackFormat.objectLimit), 4096), alignment: 64)
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }
}
