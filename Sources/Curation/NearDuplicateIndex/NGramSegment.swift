internal import CKernels

/// A part of an index that is never changed: items with what is needed to find those alike to others and to compare them.
///
/// Lies in memory as in its file, so that opening it reads the header only. What else the bytes say is checked where it is
/// used.
public struct NGramSegment: @unchecked Sendable {
  // Unchecked because whoever opened it keeps the bytes, and nobody writes them.
  private let bytes: UnsafeRawBufferPointer
  private let layout: NGramSegmentLayout

  /// Opens a segment. The bytes, at a multiple of 8, stay as they are for as long as this is used.
  ///
  /// - Throws: ``NGramIndexError``.
  public init(
    _ bytes: UnsafeRawBufferPointer, parameters: NGramIndexParameters, order: NGramIndexOrder
  ) throws(NGramIndexError) {
    layout = try NGramSegmentLayout(bytes, parameters: parameters, order: order)
    guard Int(bitPattern: bytes.baseAddress) % 8 == 0 else {
      throw .damaged(offset: 0, reason: "the bytes do not begin at a multiple of 8 in memory")
    }
    self.bytes = bytes
  }

  /// How many items it has.
  public var count: Int { layout.items }

  /// The id of an item, 32 bytes.
  public func id(of item: Int) -> [UInt8] {
    precondition((0..<count).contains(item), "no such item")
    let start = layout.ids + NGramSegmentLayout.idLength * item
    return Array(bytes[start..<start + NGramSegmentLayout.idLength])
  }

  /// The words of an item.
  func words(of item: Int) throws(NGramIndexError) -> UnsafeBufferPointer<UInt32> {
    let place = layout.offsets + 8 * item
    let start = bytes.little(place, as: UInt64.self)
    let end = bytes.little(place + 8, as: UInt64.self)
    guard start <= end, end <= UInt64(layout.words) else {
      throw .damaged(offset: place, reason: "words beyond the last one")
    }
    return UnsafeBufferPointer(
      start: part(layout.tokens, UInt32.self).map { $0 + Int(start) }, count: Int(end - start))
  }

  /// How many different grams an item has.
  func size(of item: Int) -> Int { Int(bytes.little(layout.sizes + 4 * item, as: UInt32.self)) }

  var kernel: ck_segment {
    ck_segment(
      starts: part(layout.starts, UInt32.self), entries: part(layout.entries, UInt64.self),
      sizes: part(layout.sizes, UInt32.self), signatures: part(layout.signatures, UInt64.self),
      postings: layout.postings, items: layout.items, bits: Int32(layout.bits))
  }

  private func part<Element: BitwiseCopyable>(_ offset: Int, _ type: Element.Type) -> UnsafePointer<Element>?
  {
    bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: type) }
  }
}
