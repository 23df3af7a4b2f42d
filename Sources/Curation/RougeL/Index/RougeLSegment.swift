internal import CKernels
public import Records

/// One file of an index: items with their tokens and signatures, and the words that came with them.
public final class RougeLSegment: IndexSegment {
  public let parameters: RougeLIndexParameters
  public let items: Range<Int>
  /// Numbers of its words.
  let words: Range<Int>
  let layout: SegmentLayout
  var bytes: UnsafeRawBufferPointer { memory.bytes }
  private let memory: SegmentMemory
  private let checksums: [UInt64]

  public init(_ bytes: UnsafeRawBufferPointer, owner: any Sendable) throws(SegmentError) {
    memory = SegmentMemory(bytes, owner: owner)
    let header = try SegmentHeader(memory.bytes)
    layout = header.layout
    checksums = header.checksums
    parameters = header.parameters
    items = header.items
    words = header.words
  }

  public func verify() throws(SegmentError) { try memory.verify(layout.sections, checksums) }

  public func id(of item: Int) -> ObjectID {
    precondition(items.contains(item))
    return ObjectID(loading: bytes, at: layout.ids.lowerBound + 32 * (item - items.lowerBound))
  }

  /// As the kernels see it; `first` is the segment's first item.
  var buckets: [ck_bucket] {
    layout.buckets.map { bucket in
      ck_bucket(
        length: bucket.length, count: bucket.count, signatures: address(bucket.signatures),
        checks: address(bucket.checks), tokens: address(bucket.tokens), numbers: address(bucket.numbers),
        groups: address(bucket.groups), first: UInt32(items.lowerBound), end: UInt32(items.count))
    }
  }

  private func address<Element>(_ offset: Int) -> UnsafePointer<Element>? {
    bytes.baseAddress?.advanced(by: offset).assumingMemoryBound(to: Element.self)
  }

  func number(at offset: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }

  /// The number of a word.
  func word(spelled spelling: [UInt8], hash: UInt64) -> UInt32? {
    let last = layout.slotCount - 1
    for probe in 0...last {
      let place = (Int(truncatingIfNeeded: hash) &+ probe) & last
      let slot = number(at: layout.slots.lowerBound + 4 * place)
      if slot == 0 { return nil }
      if let found = self.spelling(Int(slot) - 1), found.count == spelling.count,
        spelling.withUnsafeBytes({ found.elementsEqual($0) })
      {
        return UInt32(words.lowerBound) + slot - 1
      }
    }
    return nil
  }

  /// How word `place` of the segment is spelled; nil where bytes are damaged.
  func spelling(_ place: Int) -> UnsafeRawBufferPointer? {
    guard place < words.count else { return nil }
    let start = Int(number(at: layout.offsets.lowerBound + 4 * place))
    let end = Int(number(at: layout.offsets.lowerBound + 4 * place + 4))
    guard start <= end, end <= layout.spellings.count else { return nil }
    return UnsafeRawBufferPointer(
      rebasing: bytes[layout.spellings.lowerBound + start..<layout.spellings.lowerBound + end])
  }

  /// Where the hash table begins to look for a spelling (FNV-1a, its bits then mixed).
  static func hash(_ spelling: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in spelling { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    return hash ^ hash >> 29
  }
}
