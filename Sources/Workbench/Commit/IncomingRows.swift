import Objects
import Records

/// The rows of a file one after the other, for changes that look at each of them.
struct IncomingRows {
  /// Neighbouring rows, decoded.
  final class Chunk: Sendable {
    let origins: OriginsChunk
    let pairIDs: [ObjectID]
    fileprivate let pairBytes: [UInt8]
    fileprivate let pairEnds: [Int]

    fileprivate init(_ decoded: DecodedChunk) throws {
      origins = try OriginsChunk(parsing: decoded.origins)
      pairBytes = decoded.pairBytes
      pairEnds = decoded.pairEnds
      let hasher = SHA256()
      pairIDs = decoded.pairBytes.withUnsafeBytes { bytes in
        var start = 0
        return decoded.pairEnds.map { end in
          defer { start = end }
          return ObjectID.hash(.pair, UnsafeRawBufferPointer(rebasing: bytes[start..<end]), with: hasher)
        }
      }
    }
  }

  /// One row of the file.
  struct Row {
    private let incoming: Chunk
    let offset: Int

    fileprivate init(_ chunk: Chunk, at offset: Int) {
      incoming = chunk
      self.offset = offset
    }

    var chunk: OriginsChunk { incoming.origins }

    /// The id of its pair.
    var pairID: ObjectID { incoming.pairIDs[offset] }

    /// The canonical bytes of its pair.
    var pair: ArraySlice<UInt8> {
      incoming.pairBytes[(offset == 0 ? 0 : incoming.pairEnds[offset - 1])..<incoming.pairEnds[offset]]
    }

    var place: OriginsChunk.Place? { chunk.place(at: offset) }

    /// The line it begins on, for messages.
    var line: Int { place?.line ?? 0 }

    /// Name and canonical value of each column.
    var columns: [(name: [UInt8], value: [UInt8])] {
      chunk.cells(at: offset).map { (chunk.columnNames[$0.column], Array(chunk.bytes[$0.value])) }
    }

    /// The canonical value of one column.
    func value(of column: String) -> [UInt8]? {
      guard let index = chunk.column(named: column), let range = chunk.value(ofColumn: index, at: offset)
      else { return nil }
      return Array(chunk.bytes[range])
    }

    /// The row with other columns, or as the edit of a record.
    func edit(columns: [(name: [UInt8], value: [UInt8])]? = nil, of record: RecordID?) -> EditBatch.Row {
      EditBatch.Row(
        pair: .bytes(pair), place: place, columns: columns ?? self.columns,
        placeholder: chunk.placeholder(at: offset),
        verbatim: columns == nil ? chunk.verbatim(at: offset) : nil, edits: record)
    }
  }

  let session: Session
  let source: ImportSource
  let facts: BatchFacts

  /// Passes every row to `each`, in order, and returns the layout of the file.
  ///
  /// - Throws: ``Failure`` with the row's place when one is malformed.
  func forEach(_ each: (Row) throws -> Void) throws -> Layout {
    var reader = try source.placing { try RowReader(source: source.read, options: facts.options) }
    let decoder = RowDecoder(layout: reader.layout, options: facts.options)
    try Pipeline(threads: session.threads, making: {}).run(
      next: { try source.placing { try reader.nextChunk() } },
      work: { (_, raw: RawChunk) -> Result<Chunk, Malformed> in
        let decoded = decoder.decode(raw)
        if let reject = decoded.rejects.first { return .failure(Malformed(row: reject)) }
        return .success(try Chunk(decoded))
      },
      take: { decoded in
        switch decoded {
        case .failure(let malformed): throw source.failure(malformed.row)
        case .success(let chunk):
          for offset in chunk.pairIDs.indices { try each(Row(chunk, at: offset)) }
        }
      })
    return reader.layout
  }

  private struct Malformed: Error { let row: RejectedRow }
}
