import Glibc

/// Reads the rows of a chunk into canonical pairs and origins. Pure and without state, so that chunks can be
/// decoded on several threads.
public struct RowDecoder: Sendable {
  private enum Spelling: Sendable {
    case json(RowTemplate, RowShape)
    case csv(CSVTemplate)
  }

  private let spelling: Spelling
  private let limits: JSONLimits

  /// A decoder for the files of a layout.
  public init(layout: Layout, options: ImportOptions) {
    spelling = layout.format.isJSON ? .json(RowTemplate(layout), RowShape(layout)) : .csv(CSVTemplate(layout))
    limits = options.limits
  }

  /// Decodes a chunk. Malformed rows do not stop it: they are listed in ``DecodedChunk/rejects``.
  public func decode(_ chunk: RawChunk) -> DecodedChunk {
    switch spelling {
    case .json(let template, let shape): return decode(chunk, template, shape)
    case .csv(let template):
      var work = CSVDecoding(template, limits, chunk)
      return work.decode()
    }
  }

  private func decode(_ chunk: RawChunk, _ template: RowTemplate, _ shape: RowShape) -> DecodedChunk {
    var work = ChunkDecoding(template, shape, limits, chunk)
    chunk.bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in chunk.rows { work.decode(row, base) }
    }
    return work.finish()
  }
}

/// One chunk on its way.
private struct ChunkDecoding {
  private let template: RowTemplate
  private let chunk: RawChunk
  private var parser: RowParser
  private var verifier: RowVerifier
  private var values = RowValues()
  private var pairBytes: [UInt8] = []
  private var pairEnds: [Int] = []
  private var origins: OriginsBuilder
  private var rejects: [RejectedRow] = []
  private var placeholders = 0
  private var emptyOutputs = 0
  private var emptyInstructions = 0
  private let limits: JSONLimits
  /// Scratch for one column's canonical value.
  private var canonical: [UInt8] = []

  init(_ template: RowTemplate, _ shape: RowShape, _ limits: JSONLimits, _ chunk: RawChunk) {
    self.template = template
    self.chunk = chunk
    self.limits = limits
    parser = RowParser(shape: shape, limits: limits)
    verifier = RowVerifier(template, limits)
    origins = OriginsBuilder(first: chunk.firstRow)
    pairEnds.reserveCapacity(chunk.count)
    if let first = chunk.rows.first, let last = chunk.rows.last {
      pairBytes.reserveCapacity(last.end - first.start + 64 * chunk.count)
    }
  }

  mutating func decode(_ row: RawRow, _ base: UnsafePointer<UInt8>) {
    if !template.match(base, from: row.start, to: row.end, limits: limits, into: &values) {
      do throws(RowFault) {
        try parser.parse(base, from: row.start, to: row.end, into: &values)
      } catch {
        return rejects.append(chunk.rejected(row, base, error))
      }
    }
    let scanner = ByteScanner(base, from: row.start, to: row.end, limits: limits)
    let pairStart = pairBytes.count
    let placeholder = scanner.appendPair(values, to: &pairBytes)
    pairEnds.append(pairBytes.count)
    origins.appendRow(line: row.line, byte: chunk.byteOffset + row.start, length: row.end - row.start)
    count(values, placeholder, scanner)
    appendOrigin(row, base, pairStart, placeholder)
  }

  private mutating func count(_ values: RowValues, _ placeholder: StringSpan?, _ scanner: ByteScanner) {
    if let placeholder, placeholder.count > 0 { placeholders += 1 }
    if values.output?.count == 0 { emptyOutputs += 1 }
    if values.instruction?.count == 0 { emptyInstructions += 1 }
  }

  private mutating func appendOrigin(
    _ row: RawRow, _ base: UnsafePointer<UInt8>, _ pairStart: Int, _ placeholder: StringSpan?
  ) {
    var isVerbatim = false
    var hasPlaceholder = placeholder.map { $0.count > 0 || !template.writesEmptyInput } ?? false
    if values.conforms {
      for column in values.columns { append(column, base) }
    } else {
      isVerbatim = !verifier.verify(row, base, values, placeholder, pairBytes, pairStart, &origins)
      hasPlaceholder = hasPlaceholder && !isVerbatim || (placeholder?.count ?? 0) > 0
    }
    let hasOtherGap = row.start > 0 && chunk.isFollowing(row) && !template.isSeparator(base, row)
    if let placeholder, hasPlaceholder {
      verifier.unescaped(placeholder, base) { origins.placeholder($0) }
    }
    if isVerbatim || hasOtherGap {
      let start = hasOtherGap ? row.gapStart : row.start
      origins.verbatim(UnsafeRawBufferPointer(start: base + start, count: row.end - start))
    }
  }

  /// Keeps a column of a row that matched the layout.
  @inline(__always)
  private mutating func append(_ column: RowValues.Column, _ base: UnsafePointer<UInt8>) {
    let value = column.value
    let source = UnsafeRawBufferPointer(start: base + value.start, count: value.end - value.start)
    let literal = template.slots[column.field].name
    template.literals.withUnsafeBytes { pool in
      let name = UnsafeRawBufferPointer(rebasing: pool[literal.start..<literal.start + literal.count])
      if value.isCanonicalSource { return origins.column(name, value: source) }
      canonical.removeAll(keepingCapacity: true)
      let scanner = ByteScanner(base, from: value.start, to: value.end, limits: limits)
      scanner.appendStripped(from: value.start, to: value.end, output: &canonical)
      canonical.withUnsafeBytes { origins.column(name, value: $0) }
    }
  }

  mutating func finish() -> DecodedChunk {
    var warnings: [String: Int] = [:]
    if placeholders > 0 { warnings["placeholder-input"] = placeholders }
    if emptyOutputs > 0 { warnings["empty-output"] = emptyOutputs }
    if emptyInstructions > 0 { warnings["empty-instruction"] = emptyInstructions }
    return DecodedChunk(
      firstRow: chunk.firstRow, count: pairEnds.count, pairBytes: pairBytes, pairEnds: pairEnds,
      origins: origins.finish(), rejects: rejects, warnings: warnings)
  }
}
