import Objects
import Records

/// The rows of a file one after the other, for changes that look at each of them.
struct IncomingRows {
  /// One row of the file.
  struct Row {
    let chunk: OriginsChunk
    let offset: Int
    let pair: [UInt8]

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
        pair: pair, place: place, columns: columns ?? self.columns,
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
    while true {
      var wave: [RawChunk] = []
      while wave.count < session.threads * 4, let chunk = try source.placing({ try reader.nextChunk() }) {
        wave.append(chunk)
      }
      if wave.isEmpty { return reader.layout }
      let raw = wave
      let decoded = try parallel(raw.count, threads: session.threads) { decoder.decode(raw[$0]) }
      for chunk in decoded {
        if let reject = chunk.rejects.first { throw source.failure(reject) }
        let origins = try OriginsChunk(parsing: chunk.origins)
        var start = 0
        for (offset, end) in chunk.pairEnds.enumerated() {
          try each(Row(chunk: origins, offset: offset, pair: Array(chunk.pairBytes[start..<end])))
          start = end
        }
      }
    }
  }
}
