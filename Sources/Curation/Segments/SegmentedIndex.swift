public import Records

/// One file of an index: items over bytes that somebody keeps in place and unchanged, such as a mapped file.
///
/// Nothing but the header is looked at on opening. Damaged bytes elsewhere give errors or wrong answers, which ``verify()``
/// tells from right ones; they never reach outside of the buffer.
public protocol IndexSegment: Sendable {
  /// What an index is made with, all of which must be the same when it is asked.
  associatedtype Parameters: Hashable & Sendable & CustomStringConvertible

  var parameters: Parameters { get }
  /// Places of its items in the index.
  var items: Range<Int> { get }

  /// A segment over bytes that `owner` keeps. Those at an address that is no multiple of 8 are copied.
  /// - Throws: ``SegmentError``.
  init(_ bytes: UnsafeRawBufferPointer, owner: any Sendable) throws(SegmentError)

  /// What the caller named an item of ``items``.
  func id(of item: Int) -> ObjectID

  /// Reads all of it.
  /// - Throws: ``SegmentError/damaged(_:)`` when bytes are not those that were written.
  func verify() throws(SegmentError)
}

extension IndexSegment {
  /// A segment over a copy of the bytes.
  /// - Throws: ``SegmentError``.
  public init(_ bytes: [UInt8]) throws(SegmentError) {
    let copy = SegmentBytes(count: bytes.count)
    bytes.withUnsafeBytes { copy.buffer.copyMemory(from: $0) }
    try self.init(UnsafeRawBufferPointer(copy.buffer), owner: copy)
  }
}

/// Items that are kept in immutable segments, each with those of a batch.
///
/// Adding a batch makes one more segment; now and then the last ones are merged, so that there are few and each item is
/// written a few times at most.
public protocol SegmentedIndex: Sendable {
  associatedtype Segment: IndexSegment

  var parameters: Segment.Parameters { get }
  /// In the order of their items, of which none is missing.
  var segments: [Segment] { get }

  /// - Parameter segments: in the order of their items; none for an empty index.
  /// - Throws: ``SegmentError`` for segments of other parameters or that do not follow each other.
  init(_ segments: [Segment], parameters: Segment.Parameters) throws(SegmentError)

  /// The bytes of one segment in place of several, which are verified first.
  /// - Parameter range: places in ``segments``.
  /// - Throws: ``SegmentError``.
  func merged(_ range: Range<Int>) throws(SegmentError) -> [UInt8]
}

extension SegmentedIndex {
  /// How many items it has.
  public var count: Int { segments.last?.items.upperBound ?? 0 }

  /// What the caller named an item.
  public func id(of item: Int) -> ObjectID {
    var low = 0
    var high = segments.count - 1
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].items.upperBound <= item { low = middle + 1 } else { high = middle }
    }
    return segments[low].id(of: item)
  }

  /// Reads everything.
  /// - Throws: ``SegmentError/damaged(_:)``.
  public func verify() throws(SegmentError) {
    for segment in segments { try segment.verify() }
  }

  /// Which of ``segments`` to merge next: the last ones, from the first that is not twice as large as all after it together.
  /// Nil when there is none. Merging what this names after each addition keeps segments as few as the logarithm of the items,
  /// and writes each item about as many times.
  public var mergeable: Range<Int>? {
    var start = segments.count
    var items = 0
    for place in segments.indices.reversed() {
      if segments[place].items.count < 2 * items { start = place }
      items += segments[place].items.count
    }
    return start < segments.count ? start..<segments.count : nil
  }

  /// An index with another segment in place of some.
  /// - Throws: ``SegmentError``.
  public func replacing(_ range: Range<Int>, with segment: Segment) throws(SegmentError) -> Self {
    var segments = segments
    segments.replaceSubrange(range, with: [segment])
    return try Self(segments, parameters: parameters)
  }

  /// An index with one more segment.
  /// - Throws: ``SegmentError``.
  public func adding(_ segment: Segment) throws(SegmentError) -> Self {
    try replacing(segments.count..<segments.count, with: segment)
  }

  /// - Throws: ``SegmentError`` when segments are not those of one index, in order.
  static func check(_ segments: [Segment], _ parameters: Segment.Parameters) throws(SegmentError) {
    var end = 0
    for segment in segments {
      guard segment.parameters == parameters else {
        throw .parameters(found: "\(segment.parameters)", expected: "\(parameters)")
      }
      guard segment.items.lowerBound == end else { throw .missingItems(from: end) }
      end = segment.items.upperBound
    }
  }
}
