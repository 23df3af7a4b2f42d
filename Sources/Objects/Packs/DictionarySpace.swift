import CZstd

/// A copy of a dictionary with room for one object right behind it, where zstd takes the dictionary for the beginning of
/// its output: what both have in common is copied in line instead of by a call for each piece. One thread at a time.
final class DictionarySpace {
  private let count: Int
  private var memory: UnsafeMutableRawBufferPointer
  /// The dictionary, digested for reading.
  private(set) var digested: OpaquePointer

  /// Room for nearly every object, in bytes.
  private static let usualRoom = 64 << 10

  /// Returns nil when the bytes are not a dictionary, or without memory.
  init?(_ dictionary: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: dictionary.count + Self.usualRoom, alignment: 64)
    dictionary.withUnsafeBytes { memory.copyMemory(from: $0) }
    guard let digested = ZSTD_createDDict_byReference(memory.baseAddress, dictionary.count) else {
      memory.deallocate()
      return nil
    }
    count = dictionary.count
    self.memory = memory
    self.digested = digested
  }

  deinit {
    ZSTD_freeDDict(digested)
    memory.deallocate()
  }

  /// Room for `length` bytes behind the dictionary, whose contents are undefined; nil without memory.
  func room(for length: Int) -> UnsafeMutableRawBufferPointer? {
    if memory.count - count < length {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count + length, alignment: 64)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
      guard let digested = ZSTD_createDDict_byReference(larger.baseAddress, count) else {
        larger.deallocate()
        return nil
      }
      ZSTD_freeDDict(self.digested)
      memory.deallocate()
      (memory, self.digested) = (larger, digested)
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + length])
  }
}
