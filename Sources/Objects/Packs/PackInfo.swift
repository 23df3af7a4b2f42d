public import Records

/// A pack that was written.
public struct PackInfo: Sendable, Equatable {
  /// SHA-256 of the pack's bytes before its last 32: its name.
  public let digest: ObjectID
  /// Its name in the store's directory.
  public let fileName: String
  /// How many objects it holds.
  public let objects: Int
  /// Its length in bytes.
  public let bytes: Int
}
