/// Cuts a source into chunks of rows that hold pairs: the sequential half of an import. ``RowDecoder`` is the other.
///
/// Every chunk has 512 rows, the last one fewer. Memory holds one chunk and what was read ahead of it.
public struct RowReader {
  /// Rows in a chunk.
  public static let rowsPerChunk = ChunkReader.rowsPerChunk

  /// How the source spells its rows. ``Layout/suffix`` is known when ``nextChunk()`` has returned nil.
  public private(set) var layout: Layout

  private var chunks: ChunkReader
  private var pending: RawChunk?

  /// Reads as far as the first chunk to find out format and layout.
  ///
  /// Throws an ``ImportFailure``, or whatever `source` throws.
  /// - Parameter source: reads into the buffer, returns how many bytes, 0 at the end.
  public init(
    source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int, options: ImportOptions = ImportOptions()
  ) throws {
    var window = SourceWindow(source)
    try window.fill(to: ChunkReader.firstWindow)
    layout = Layout(format: .alpacaJSONL, separator: [], suffix: [], fields: [])
    let container = Container(window.bytes)
    let inference: RowInference
    if let header = try CSVHeader.expected(window, container, options) {
      chunks = ChunkReader(window, CSVCutter(header, limits: options.limits), options.limits)
      inference = .csv(CSVInference(header))
      if options.skipInvalid { chunks.check = .csv(CSVRow(header, limits: options.limits)) }
    } else {
      chunks = ChunkReader(window, container.cutter(options.limits), options.limits)
      let rows = try chunks.firstRows(options.skipInvalid ? 64 : 1)
      let found = try FormatDetection(options, container).detect(rows)
      inference = .json(LayoutInference(found, container))
      if options.skipInvalid { chunks.check = .json(RowParser(shape: found.shape, limits: options.limits)) }
    }
    guard let first = try chunks.next() else { throw ImportFailure.noRows }
    layout = inference.layout(of: first)
    layout.suffix = chunks.suffix
    pending = first
  }

  /// The next rows, or nil when there are no more.
  ///
  /// Throws ``ImportFailure/malformed(_:)`` when what surrounds the rows is broken, or whatever the source throws.
  public mutating func nextChunk() throws -> RawChunk? {
    if let chunk = pending {
      pending = nil
      return chunk
    }
    let chunk = try chunks.next()
    layout.suffix = chunks.suffix
    return chunk
  }
}
