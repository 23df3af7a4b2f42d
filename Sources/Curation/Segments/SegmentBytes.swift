/// Bytes of a segment where vectors can be read from them.
final class SegmentBytes: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer

  init(count: Int) { buffer = .allocate(byteCount: count, alignment: 64) }

  deinit { buffer.deallocate() }
}

/// The bytes of a segment and what keeps them in place.
///
/// Unchecked because nobody writes them.
struct SegmentMemory: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let owner: any Sendable

  /// Copies bytes at an address that is no multiple of 8.
  init(_ given: UnsafeRawBufferPointer, owner: any Sendable) {
    guard let base = given.baseAddress, Int(bitPattern: base) % 8 != 0 else {
      (bytes, self.owner) = (given, owner)
      return
    }
    let copy = SegmentBytes(count: given.count)
    copy.buffer.copyMemory(from: given)
    (bytes, self.owner) = (UnsafeRawBufferPointer(copy.buffer), copy)
  }

  /// - Throws: ``SegmentError/damaged(_:)`` when sections have not the checksums that they were written with.
  func verify(_ sections: [Range<Int>], _ checksums: [UInt64]) throws(SegmentError) {
    for (range, checksum) in zip(sections, checksums)
    where SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[range])) != checksum {
      throw .damaged("the checksum of bytes \(range) is wrong")
    }
  }
}
