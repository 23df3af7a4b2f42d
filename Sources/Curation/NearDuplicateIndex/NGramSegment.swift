internal import CKernels
public import Records

/// One file of an index: items with their sets of grams, and what finds them.
public final class NGramSegment: IndexSegment {
  public let parameters: NGramIndexParameters
  public let items: Range<Int>
  private let layout: NGramSegmentLayout
  private let memory: SegmentMemory
  private let checksums: [UInt64]

  public init(_ bytes: UnsafeRawBufferPointer, owner: any Sendable) throws(SegmentError) {
    memory = SegmentMemory(bytes, owner: owner)
    let header = try NGramSegmentHeader(memory.bytes)
    parameters = header.parameters
    items = header.items
    layout = header.layout
    checksums = header.checksums
  }

  public func verify() throws(SegmentError) { try memory.verify(layout.sections, checksums) }

  public func id(of item: Int) -> ObjectID {
    precondition(items.contains(item))
    return ObjectID(loading: memory.bytes, at: layout.ids + 32 * (item - items.lowerBound))
  }

  /// The set of an item, by its place in the segment.
  func set(at place: Int) throws(SegmentError) -> UnsafePointer<ck_gram_set> {
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
    memory.bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: type) }
  }
}
