/// A SHA-256 digest of plain bytes (FIPS 180-4): of a file, or of something else that is no object.
///
/// A type of its own, because an ``ObjectID`` also hashes the object's kind and does not convert to it.
public struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  private let words: ObjectID

  /// The digest a SHA-256 hasher returned as 32 bytes.
  public init(_ digest: ObjectID) { words = digest }

  /// Reads 64 lower-case hex digits. Returns nil for anything else.
  public init?(hex: String) {
    guard let words = ObjectID(hex: hex), words.hex.utf8.elementsEqual(hex.utf8) else { return nil }
    self.words = words
  }

  /// The 32 raw bytes.
  public var bytes: [UInt8] { words.bytes }

  /// All 64 hex digits.
  public var hex: String { words.hex }

  /// All 64 hex digits.
  public var description: String { hex }
}
