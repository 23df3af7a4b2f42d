/// Why an index cannot be used.
public enum RougeLIndexError: Error, Hashable, Sendable {
  /// Bytes that no writer made: what is wrong with them.
  case damaged(String)
  /// A format, or signatures, of another version of this program: the index is to be built again.
  case version(found: UInt32, supported: UInt32)
  /// The index is of texts read in another way.
  case parameters(found: RougeLIndexParameters, expected: RougeLIndexParameters)
  /// No segment has the items from here on, but a later one has others.
  case missingItems(from: Int)
  /// Numbers of ids, groups and lists that should be equal.
  case counts(lists: Int, ids: Int)
  /// A name longer than 255 bytes, more items or words than 32 bits count, or more bytes than memory holds.
  case tooLarge
  case outOfMemory
}

/// How the texts of an index became tokens. Lists made in another way cannot be compared with them.
public struct RougeLIndexParameters: Hashable, Sendable {
  /// Name and version of the tokenizer.
  public let tokenizer: String
  /// Which part of a record.
  public let field: String

  public init(tokenizer: String, field: String) {
    self.tokenizer = tokenizer
    self.field = field
  }
}
