import Curation
import Objects
import Records

/// An index of immutable segments, each with the items of a batch.
protocol SegmentedIndex {
  associatedtype Segment

  /// In the order of their items.
  var segments: [Segment] { get }
  /// Places of segments that others have the items of.
  var superseded: [Int] { get }
  var count: Int { get }
  /// Which of ``segments`` to merge next.
  var mergeable: Range<Int>? { get }

  func id(of item: Int) -> ObjectID
  /// Reads everything.
  func verify() throws
  /// The bytes of one segment in place of several.
  func mergedSegment(_ range: Range<Int>) throws -> [UInt8]
  /// An index of the same kind of other segments.
  func of(_ segments: [Segment]) throws -> Self
  static func segment(_ bytes: [UInt8]) throws -> Segment
  static func segment(_ file: MappedFile) throws -> Segment
}

extension RougeLIndex: SegmentedIndex {
  func mergedSegment(_ range: Range<Int>) throws -> [UInt8] { try merged(range) }
  func of(_ segments: [RougeLSegment]) throws -> RougeLIndex {
    try RougeLIndex(segments, parameters: parameters)
  }
  static func segment(_ bytes: [UInt8]) throws -> RougeLSegment { try RougeLSegment(bytes) }
  static func segment(_ file: MappedFile) throws -> RougeLSegment {
    try RougeLSegment(file.bytes, owner: file)
  }
}

extension NGramIndex: SegmentedIndex {
  func mergedSegment(_ range: Range<Int>) throws -> [UInt8] { try merged(range) }
  func of(_ segments: [NGramSegment]) throws -> NGramIndex {
    try NGramIndex(segments, parameters: parameters)
  }
  static func segment(_ bytes: [UInt8]) throws -> NGramSegment { try NGramSegment(bytes) }
  static func segment(_ file: MappedFile) throws -> NGramSegment {
    try NGramSegment(file.bytes, owner: file)
  }
}
