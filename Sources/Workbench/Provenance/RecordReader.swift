import History
import Objects
import Records

/// Reads what a snapshot's entries point at: pairs, verified, and the columns of their origins. One thread at a time.
final class RecordReader {
  let origins: OriginReader
  private let reader: ObjectReader

  init(_ store: ObjectStore) throws {
    reader = try ObjectReader(store)
    origins = try OriginReader(store)
  }

  func pair(_ entry: TreeEntry) throws -> Pair {
    try Pair(canonical: pairBytes(entry))
  }

  /// The canonical bytes of the pair, re-hashed on the way.
  func pairBytes(_ entry: TreeEntry) throws -> [UInt8] { try reader.read(entry.object, .pair) }

  func side(_ entry: TreeEntry) throws -> RecordSide {
    try RecordSide(
      pairID: entry.object, pair: pairBytes(entry), cells: origins.columns(of: entry.origin))
  }
}
