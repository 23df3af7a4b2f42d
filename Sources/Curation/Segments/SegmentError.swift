/// Why the files of an index cannot be used, or made. The caller adds the path, and may make the index again.
public enum SegmentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes that no writer made: what is wrong with them.
  case damaged(String)
  /// Another version of this program wrote them.
  case version(found: UInt32, supported: UInt32)
  /// The index is of texts read in another way, or of another similarity.
  case parameters(found: String, expected: String)
  /// No segment has the items from here on.
  case missingItems(from: Int)
  /// Numbers of ids, groups and items that should be equal.
  case counts(items: Int, ids: Int)
  /// A name longer than 255 bytes, more items or words than 32 bits count, or more bytes than memory holds.
  case tooLarge
  case outOfMemory

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .damaged(let reason): "the index is damaged: \(reason); make it again"
    case .version(let found, let supported):
      "the index has version \(found), and this program reads version \(supported): make it again"
    case .parameters(let found, let expected):
      "the index was made with \(found), not \(expected): make it again"
    case .missingItems(let from): "the index lacks the items from \(from) on: make it again"
    case .counts(let items, let ids): "\(ids) ids were given for \(items) items"
    case .tooLarge: "there is more than an index holds"
    case .outOfMemory: "there is not enough memory for the index"
    }
  }
}
