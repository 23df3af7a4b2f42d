internal import CKernels
public import Records

/// One file of an index, in place: items with their tokens and signatures, and the words that came with them.
///
/// Nothing but the header is looked at on opening. Damaged bytes elsewhere give wrong answers, which ``verify()`` tells from
/// right ones; they never reach outside of the buffer.
public final class RougeLSegment: @unchecked Sendable {
  public let parameters: RougeLIndexParameters
  /// Places of its items in the index.
  public let items: Range<Int>
  /// Numbers of its words.
  let words: Range<Int>
  let layout: SegmentLayout
  let bytes: UnsafeRawBufferPointer
  private let owner: any Sendable
  private let checksums: [UInt64]

  /// A segment over bytes that `owner` keeps in place and unchanged, such as a mapped file.
  ///
  /// Bytes at an address that is no multiple of 8 are copied.
  /// - Throws: ``RougeLIndexError``.
  public init(_ given: UnsafeRawBufferPointer, owner: any Sendable) throws(RougeLIndexError) {
    var bytes = given
    var owner = owner
    if let base = given.baseAddress, Int(bitPattern: base) % 8 != 0 {
      let copy = SegmentBytes(count: given.count)
      copy.buffer.copyMemory(from: given)
      bytes = UnsafeRawBufferPointer(copy.buffer)
      owner = copy
    }
    let header = try SegmentHeader(bytes)
    layout = header.layout
    checksums = header.checksums
    parameters = header.parameters
    items = header.items
    words = header.words
    self.bytes = bytes
    self.owner = owner
  }

  /// A segment over a copy of the bytes.
  /// - Throws: ``RougeLIndexError``.
  public convenience init(_ bytes: [UInt8]) throws(RougeLIndexError) {
    let copy = SegmentBytes(count: bytes.count)
    bytes.withUnsafeBytes { copy.buffer.copyMemory(from: $0) }
    try self.init(UnsafeRawBufferPointer(copy.buffer), owner: copy)
  }

  /// Reads all of it.
  /// - Throws: ``RougeLIndexError/damaged(_:)`` when bytes are not those that were written.
  public func verify() throws(RougeLIndexError) {
    for (range, checksum) in zip(layout.sections, checksums)
    where SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[range])) != checksum {
      throw .damaged("the checksum of bytes \(range) is wrong")
    }
  }

  /// What the caller named an item of ``items``.
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
