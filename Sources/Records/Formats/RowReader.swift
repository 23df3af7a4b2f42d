/// Cuts a source into chunks of rows: the sequential half of an import. ``RowDecoder`` is the other.
///
/// Every chunk has 512 rows, the last one fewer. Memory holds one chunk and what was read ahead of it.
public struct RowReader {
  /// Rows in a chunk.
  public static let rowsPerChunk = 512

  /// How the source spells its rows. ``Layout/suffix`` is known when ``nextChunk()`` has returned nil.
  public private(set) var layout: Layout

  private var window: SourceWindow
  private var cutter: any RowCutter
  private var pending: RawChunk?
  private var nextRow = 1
  private var hasMore = true
  /// Malformed rows that may lie among the rows of one chunk: they are kept in memory until it is full.
  private static let mostRejects = 1 << 14
  /// How much more is read at a time for a row that does not end, in bytes: doubling all the way would hold 48 MiB
  /// before a row is known to be longer than 16.
  private static let largestStep = 4 << 20
  /// How much of the window the last chunk took.
  private var consumed = 0
  private var windowSize = 1 << 18
  private let limits: JSONLimits
  /// Present when malformed rows are to be left out.
  private var check: RowCheck?

  /// Reads as far as the first chunk to find out format and layout.
  ///
  /// Throws an ``ImportFailure``, or whatever `source` throws.
  /// - Parameter source: reads into the buffer, returns how many bytes, 0 at the end.
  public init(
    source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int, options: ImportOptions = ImportOptions()
  ) throws {
    limits = options.limits
    window = SourceWindow(source)
    try window.fill(to: windowSize)
    layout = Layout(format: .alpacaJSONL, separator: [], suffix: [], fields: [])
    let container = Container(window.bytes)
    let inference: RowInference
    if let header = try CSVHeader.expected(window, container, options) {
      cutter = CSVCutter(header, limits: options.limits)
      inference = .csv(CSVInference(header))
      if options.skipInvalid { check = .csv(CSVRow(header, limits: options.limits)) }
    } else {
      cutter =
        container.kind == .array
        ? ArrayCutter(container, limits: options.limits)
        : LineCutter(from: container.start, limits: options.limits)
      let rows = try firstRows(options.skipInvalid ? 64 : 1)
      let found = try FormatDetection(options, container).detect(rows)
      inference = .json(LayoutInference(found, container))
      if options.skipInvalid { check = .json(RowParser(shape: found.shape, limits: options.limits)) }
    }
    guard let first = try cutChunk() else { throw ImportFailure.noRows }
    let suffix = layout.suffix
    layout = inference.layout(of: first)
    layout.suffix = suffix
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
    return try cutChunk()
  }

  /// A few rows from the beginning, without moving.
  private mutating func firstRows(_ limit: Int) throws -> RawChunk {
    let start = cutter
    var rows: [RawRow] = []
    _ = try cut(limit, into: &rows)
    cutter = start
    return RawChunk(bytes: window.bytes, rows: rows, firstRow: 1, byteOffset: 0)
  }

  private mutating func cutChunk() throws -> RawChunk? {
    guard hasMore else { return nil }
    if consumed > 0 {
      try window.advance(by: consumed, thenFillTo: windowSize)
      consumed = 0
    }
    var rows: [RawRow] = []
    rows.reserveCapacity(Self.rowsPerChunk)
    var rejects: [RejectedRow] = []
    var rejectedBytes = 0
    repeat {
      let checked = rows.count
      hasMore = try cut(Self.rowsPerChunk, into: &rows)
      rejectedBytes += leaveOut(&rows, from: checked, &rejects)
      guard rejects.count <= Self.mostRejects, rejectedBytes <= 2 * limits.textBytes else {
        throw ImportFailure.hopeless(rejects.count, first: rejects[0])
      }
    } while hasMore && rows.count < Self.rowsPerChunk
    consumed = rows.last?.end ?? 0
    windowSize = max(1 << 18, consumed + consumed / 8 + 1 << 14)
    if !hasMore { layout.suffix = Array(window.bytes[(cutter.rowEnd - window.byteOffset)...]) }
    guard !rows.isEmpty || !rejects.isEmpty else { return nil }
    let chunk = RawChunk(
      bytes: window.bytes, rows: rows, firstRow: nextRow, byteOffset: window.byteOffset, rejects: rejects)
    nextRow += rows.count
    return chunk
  }

  /// Cuts until there are `limit` rows or the source ends, reading more as needed; false at the end.
  private mutating func cut(_ limit: Int, into rows: inout [RawRow]) throws -> Bool {
    while true {
      let (bytes, byteOffset, isEnd) = (window.bytes, window.byteOffset, window.isAtEnd)
      let outcome = bytes.withUnsafeBufferPointer { buffer in
        Result { () throws(CutFault) in
          try cutter.cut(buffer, byteOffset: byteOffset, isEnd: isEnd, limit: limit, into: &rows)
        }
      }
      switch outcome {
      case .failure(let fault): throw ImportFailure.malformed(rejected(fault, rows))
      case .success(let isMore):
        guard isMore, rows.count < limit, !isEnd else { return isMore }
        try window.fill(to: max(windowSize, bytes.count + min(bytes.count, Self.largestStep)))
      }
    }
  }

  /// The report of a fault around the rows. It often shows only behind the row that caused it, such as one with
  /// a bracket too few, so rows that are no JSON are named first.
  private func rejected(_ fault: CutFault, _ rows: [RawRow]) -> RejectedRow {
    window.bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress, !(cutter is CSVCutter) {
        for row in rows {
          var reader = ValueReader(ByteScanner(base, from: row.start, to: row.end, limits: limits))
          do throws(ScanFailure) {
            _ = try reader.document()
          } catch {
            return RejectedRow(row, base, byteOffset: window.byteOffset, RowFault(error))
          }
        }
      }
      return RejectedRow(
        line: fault.line, column: fault.column, byte: window.byteOffset + fault.byte,
        row: UnsafeBufferPointer(rebasing: buffer[min(fault.byte, buffer.count)...]),
        reason: fault.reason.message)
    }
  }

  /// Takes malformed rows out of `rows[start...]`, if they are to be left out. Returns how many bytes they have.
  private mutating func leaveOut(
    _ rows: inout [RawRow], from start: Int, _ rejects: inout [RejectedRow]
  ) -> Int {
    guard var check else { return 0 }
    var bytes = 0
    window.bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var kept = start
      for row in rows[start...] {
        do throws(RowFault) {
          try check.read(base, from: row.start, to: row.end)
          rows[kept] = row
          kept += 1
        } catch {
          rejects.append(RejectedRow(row, base, byteOffset: window.byteOffset, error))
          bytes += row.end - row.start
        }
      }
      rows.removeSubrange(kept...)
    }
    return bytes
  }
}
