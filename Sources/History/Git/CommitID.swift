import Records

/// The id of a git commit: SHA-1 over its bytes, 20 bytes. It is git's own id; `git log` shows the same.
public struct CommitID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The 20 raw bytes.
  public let bytes: [UInt8]

  /// Length of an id in bytes.
  public static let byteCount = 20

  /// Reads 20 raw bytes. Returns nil for any other length.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = Array(bytes)
  }

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// Reads 40 hex digits. Returns nil for anything else.
  public init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// All 40 hex digits.
  public var hex: String { Hex.encode(bytes) }

  /// All 40 hex digits.
  public var description: String { hex }

  /// Orders ids as their bytes do.
  public static func < (left: CommitID, right: CommitID) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
