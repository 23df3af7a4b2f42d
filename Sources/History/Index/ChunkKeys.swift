public import Records

/// The columns of one origins chunk that could name its rows: every row has one, short, and no two are equal.
public struct ChunkKeys: Sendable {
  /// Name of each such column, with the hash of each row's value.
  let columns: [(name: [UInt8], hashes: [UInt64])]

  /// Longer values are text, not names.
  static let longestValue = 128
  /// Columns that are tried for a batch: the first of those that qualify.
  static let mostColumns = 4

  /// Looks at a chunk. Takes time proportional to it.
  public init(_ chunk: OriginsChunk) {
    var columns: [(name: [UInt8], hashes: [UInt64])] = []
    chunk.bytes.withUnsafeBytes { bytes in
      for (index, name) in chunk.columnNames.enumerated() where columns.count < Self.mostColumns {
        if let hashes = Self.hashes(ofColumn: index, in: chunk, bytes) { columns.append((name, hashes)) }
      }
    }
    self.columns = columns
  }

  private static func hashes(
    ofColumn column: Int, in chunk: OriginsChunk, _ bytes: UnsafeRawBufferPointer
  ) -> [UInt64]? {
    var hashes: [UInt64] = []
    var seen = Set<UInt64>(minimumCapacity: chunk.count)
    hashes.reserveCapacity(chunk.count)
    for row in 0..<chunk.count {
      guard let value = chunk.value(ofColumn: column, at: row), value.count <= longestValue else {
        return nil
      }
      let hash = KeyHash.of(UnsafeRawBufferPointer(rebasing: bytes[value]))
      guard seen.insert(hash).inserted else { return nil }
      hashes.append(hash)
    }
    return hashes
  }
}

/// The columns that could name the rows of a batch, collected while it is read, so that the first update by such a
/// column need not read the batch again.
public struct BatchKeys: Sendable {
  /// Candidate columns with a hash a row, for the rows so far.
  private(set) var columns: [(name: [UInt8], hashes: [UInt64])] = []
  private var isFirst = true

  /// No rows yet.
  public init() {}

  /// Adds the next chunk. A column that does not qualify there is no candidate any more.
  public mutating func append(_ chunk: ChunkKeys) {
    if isFirst {
      columns = chunk.columns
      isFirst = false
      return
    }
    var position = 0
    for next in chunk.columns {
      // Both lists are in the order of the names; what lies between has lost a row.
      guard let found = columns[position...].firstIndex(where: { $0.name == next.name }) else { continue }
      columns.removeSubrange(position..<found)
      columns[position].hashes += next.hashes
      position += 1
    }
    columns.removeSubrange(position...)
  }
}
