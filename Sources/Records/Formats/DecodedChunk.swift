/// The rows of a chunk as objects: canonical pairs one behind the other, and their origins.
public struct DecodedChunk: Sendable {
  /// The number of the first row, from 1.
  public let firstRow: Int
  /// How many rows were read; as many as the chunk had unless ``rejects`` says otherwise.
  public let count: Int
  /// The canonical bytes of all pairs without anything between them.
  public let pairBytes: [UInt8]
  /// Where each pair ends in ``pairBytes``.
  public let pairEnds: [Int]
  /// The origins chunk as canonical JSON. Complete only when nothing was rejected.
  public let origins: [UInt8]
  /// Malformed rows. When there are any the import stops: with `skipInvalid` they are left out by
  /// ``RowReader`` already, so that every chunk but the last is full.
  public let rejects: [RejectedRow]
  /// How many rows gave each kind of warning: `placeholder-input`, `empty-output`, `empty-instruction`.
  public let warnings: [String: Int]
}
