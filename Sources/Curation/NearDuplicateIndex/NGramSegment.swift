internal import CKernels
public import Records

/// One file of an index, in place: items with their sets of grams, and what finds them.
///
/// Nothing but the header is looked at on opening. Damaged bytes elsewhere give errors or wrong answers, which ``verify()``
/// tells from right ones; they never reach outside of the buffer.
public final class NGramSegment: @unchecked Sendable {
  // Unchecked because `owner` keeps the bytes, and nobody writes them.
  public let parameters: NGramIndexParameters
  /// Places of its items in the index.
  public let items: Range<Int>
  private let layout: NGramSegmentLayout
  private let bytes: UnsafeRawBufferPointer
  private let owner: any Sendable
  private let checksums: [UInt64]

  /// A segment over bytes that `owner` keeps in place and unchanged, such as a mapped file.
  ///
  /// Bytes at an address that is no multiple of 8 are copied.
  /// - Throws: ``NGramIndexError``.
  public init(_ given: UnsafeRawBufferPointer, owner: any Sendable) throws(NGramIndexError) {
    var bytes = given
    var owner = owner
    if let base = given.baseAddress, Int(bitPattern: base) % 8 != 0 {
      let copy = SegmentBytes(count: given.count)
      copy.buffer.copyMemory(from: given)
      bytes = UnsafeRawBufferPointer(copy.buffer)
      owner = copy
    }
    let header = try NGramSegmentHeader(bytes)
    parameters = header.parameters
    items = header.items
    layout = header.layout
    checksums = header.checksums
    self.bytes = bytes
    self.owner = owner
  }

  /// A segment over a copy of the bytes.
  /// - Throws: ``NGramIndexError``.
  public convenience init(_ bytes: [UInt8]) throws(NGramIndexError) {
    let copy = SegmentBytes(count: bytes.count)
    bytes.withUnsafeBytes { copy.buffer.copyMemory(from: $0) }
    try self.init(UnsafeRawBufferPointer(copy.buffer), owner: copy)
  }

  /// Reads all of it.
  /// - Throws: ``NGramIndexError/damaged(_:)`` when bytes are not those that were written.
  public func verify() throws(NGramIndexError) {
    for (range, checksum) in zip(layout.sections, checksums)
    where SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[range])) != checksum {
      throw .damaged("the checksum of bytes \(range) is wrong")
    }
  }

  /// What the caller named an item of ``items``.
  public func id(of item: Int) -> ObjectID {
    precondition(items.contains(item))
    return ObjectID(loading: bytes, at: layout.ids + 32 * (item - items.lowerBound))
  }

  /// The set of an item, by its place in the segment.
  func set(at place: Int) throws(NGramIndexError) -> UnsafePointer<ck_gram_set> {
    guard let set = ck_segment_set(kernel, place) else {
      throw .damaged("a set of grams that is not within it")
    }
    return set
  }

  /// The order in which its items' grams were looked at.
  var order: GramOrder {
    let bins = Pages<UInt8>(1 << layout.counts.orderBits)
    if let source = part(layout.bins, UInt8.self) { bins.base.update(from: source, count: bins.count) }
    return GramOrder(bins: bins, bits: layout.counts.orderBits)
  }

  var kernel: ck_segment {
    ck_segment(
      starts: part(layout.starts, UInt32.self), entries: part(layout.entries, UInt64.self),
      places: part(layout.places, UInt64.self), sets: part(layout.sets, UInt8.self),
      postings: layout.counts.postings, items: layout.counts.items, bytes: layout.counts.setBytes,
      bits: Int32(layout.counts.bucketBits))
  }

  private func part<Element: BitwiseCopyable>(_ offset: Int, _ type: Element.Type) -> UnsafePointer<Element>?
  {
    bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: type) }
  }
}
