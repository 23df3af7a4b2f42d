/// Cuts a file into rows whose columns are looked at by name, and that need hold no pair: JSON lines, a JSON array of
/// objects, CSV or TSV, told apart by their content. ``RowReader`` is for pairs. Memory holds one chunk of 512 rows.
public struct TableReader {
  /// Reads the rows of the chunks.
  public let decoder: TableDecoder
  private var chunks: ChunkReader

  /// Reads as far as is needed to find out how rows are spelled.
  ///
  /// Throws an ``ImportFailure``, or whatever `source` throws.
  /// - Parameter source: reads into the buffer, returns how many bytes, 0 at the end.
  public init(
    source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int, limits: JSONLimits = .row
  ) throws {
    var window = SourceWindow(source)
    try window.fill(to: ChunkReader.firstWindow)
    let container = Container(window.bytes)
    guard let first = container.first else { throw ImportFailure.noRows }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      chunks = ChunkReader(window, container.cutter(limits), limits)
      decoder = TableDecoder(header: nil, limits: limits)
    } else {
      let header = try CSVHeader(tableIn: window.bytes, isEnd: window.isAtEnd, limits: limits)
      chunks = ChunkReader(window, CSVCutter(header, limits: limits), limits)
      decoder = TableDecoder(header: header, limits: limits)
    }
  }

  /// The next rows, or nil when there are no more.
  ///
  /// Throws ``ImportFailure/malformed(_:)`` when what surrounds the rows is broken, or whatever the source throws.
  public mutating func nextChunk() throws -> RawChunk? { try chunks.next() }
}

/// One row of a table.
public struct TableRow: Sendable {
  /// Where it stands in its file.
  public let place: OriginsChunk.Place
  /// Its columns in their order. Cells of CSV are texts.
  public let members: [JSONMember]
}

/// Reads the rows of a table's chunks. Pure and without state, so that chunks can be decoded on several threads.
public struct TableDecoder: Sendable {
  private let header: (names: [String], delimiter: UInt8)?
  private let limits: JSONLimits

  /// Whether the file is CSV or TSV, whose cells are all texts.
  public var isTable: Bool { header != nil }

  init(header: CSVHeader?, limits: JSONLimits) {
    self.header = header.map { ($0.fields.map(\.name), $0.delimiter) }
    self.limits = limits
  }

  /// The rows of a chunk. Throws ``ImportFailure/malformed(_:)`` for the first that is none.
  public func decode(_ chunk: RawChunk) throws(ImportFailure) -> [TableRow] {
    let result = chunk.bytes.withUnsafeBufferPointer { buffer -> Result<[TableRow], ImportFailure> in
      guard let base = buffer.baseAddress else { return .success([]) }
      var rows: [TableRow] = []
      rows.reserveCapacity(chunk.count)
      var cells = header.map { CSVRow(delimiter: $0.delimiter, count: $0.names.count, limits: limits) }
      for row in chunk.rows {
        do throws(RowFault) {
          rows.append(
            TableRow(
              place: OriginsChunk.Place(
                line: row.line, byte: chunk.byteOffset + row.start, length: row.end - row.start),
              members: try members(of: row, base, &cells)))
        } catch {
          return .failure(.malformed(RejectedRow(row, base, byteOffset: chunk.byteOffset, error)))
        }
      }
      return .success(rows)
    }
    return try result.get()
  }

  private func members(
    of row: RawRow, _ base: UnsafePointer<UInt8>, _ cells: inout CSVRow?
  ) throws(RowFault) -> [JSONMember] {
    if let header {
      try cells?.parse(base, from: row.start, to: row.end)
      return zip(header.names, cells?.cells ?? []).map { JSONMember($0, .string($1.text(base))) }
    }
    do throws(ScanFailure) {
      var reader = ValueReader(ByteScanner(base, from: row.start, to: row.end, limits: limits))
      if case .object(let members) = try reader.document() { return members }
    } catch {
      throw RowFault(error)
    }
    throw RowFault(.notAnObject, at: row.start)
  }
}
