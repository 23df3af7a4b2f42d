/// Reads the rows of one chunk of CSV into canonical pairs and origins. Every cell is text, so the columns beside
/// the pair are JSON strings.
struct CSVDecoding {
  private let template: CSVTemplate
  private let chunk: RawChunk
  private var row: CSVRow
  private var value: [UInt8] = []
  private var pairBytes: [UInt8] = []
  private var pairEnds: [Int] = []
  private var origins: OriginsBuilder
  private var rejects: [RejectedRow] = []
  private var placeholders = 0
  private var emptyOutputs = 0
  private var emptyInstructions = 0
  /// The position of the column that has each part of the pair.
  private let instruction, output, input, system: Int?

  init(_ template: CSVTemplate, _ limits: JSONLimits, _ chunk: RawChunk) {
    func position(_ role: FieldRole) -> Int? { template.slots.firstIndex { $0.role == role } }
    instruction = position(.instruction)
    output = position(.output)
    input = position(.input)
    system = position(.system)
    self.template = template
    self.chunk = chunk
    row = CSVRow(delimiter: template.delimiter, count: template.slots.count, limits: limits)
    origins = OriginsBuilder(first: chunk.firstRow)
    pairEnds.reserveCapacity(chunk.count)
    if let first = chunk.rows.first, let last = chunk.rows.last {
      pairBytes.reserveCapacity(last.end - first.start + 64 * chunk.count)
    }
  }

  /// Decodes the chunk. Malformed rows do not stop it: they are listed in ``DecodedChunk/rejects``.
  mutating func decode() -> DecodedChunk {
    chunk.bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for raw in chunk.rows {
        do throws(RowFault) {
          guard let instruction, let output else { throw RowFault(.missing("instruction"), at: raw.start) }
          try row.parse(base, from: raw.start, to: raw.end)
          decode(raw, base, instruction: row.cells[instruction], output: row.cells[output])
        } catch {
          rejects.append(chunk.rejected(raw, base, error))
        }
      }
    }
    var warnings: [String: Int] = [:]
    if placeholders > 0 { warnings["placeholder-input"] = placeholders }
    if emptyOutputs > 0 { warnings["empty-output"] = emptyOutputs }
    if emptyInstructions > 0 { warnings["empty-instruction"] = emptyInstructions }
    return DecodedChunk(
      firstRow: chunk.firstRow, count: pairEnds.count, pairBytes: pairBytes, pairEnds: pairEnds,
      origins: origins.finish(), rejects: rejects, warnings: warnings)
  }

  private mutating func decode(
    _ raw: RawRow, _ base: UnsafePointer<UInt8>, instruction: CSVCell, output: CSVCell
  ) {
    let cells = row.cells
    origins.appendRow(line: raw.line, byte: chunk.byteOffset + raw.start, length: raw.end - raw.start)
    appendPair(cells, base, instruction: instruction, output: output)
    for (position, slot) in template.slots.enumerated() where slot.role == nil {
      value.removeAll(keepingCapacity: true)
      cells[position].appendString(base, to: &value)
      value.withUnsafeBytes { value in
        slot.name.withUnsafeBytes { name in origins.column(name, value: value) }
      }
    }
    let hasOtherGap = chunk.isFollowing(raw) && !template.isSeparator(base, raw)
    if hasOtherGap || !template.spells(cells, base) {
      let start = hasOtherGap ? raw.gapStart : raw.start
      origins.verbatim(UnsafeRawBufferPointer(start: base + start, count: raw.end - start))
    }
  }

  private mutating func appendPair(
    _ cells: [CSVCell], _ base: UnsafePointer<UInt8>, instruction: CSVCell, output: CSVCell
  ) {
    CanonicalText.append("{", to: &pairBytes)
    if let input, !cells[input].isEmpty {
      let spelling = cells[input].spelling(base)
      // No placeholder has a quote in it, so the spelling is the text.
      if Placeholders.contain(spelling) {
        origins.placeholder(UnsafeRawBufferPointer(spelling))
        placeholders += 1
      } else {
        append("\"input\":", cells[input], base)
        CanonicalText.append(",", to: &pairBytes)
      }
    }
    append("\"instruction\":", instruction, base)
    append(",\"kind\":\"pair\",\"output\":", output, base)
    if let system, !cells[system].isEmpty { append(",\"system\":", cells[system], base) }
    CanonicalText.append(",\"v\":1}", to: &pairBytes)
    pairEnds.append(pairBytes.count)
    if instruction.isEmpty { emptyInstructions += 1 }
    if output.isEmpty { emptyOutputs += 1 }
  }

  private mutating func append(_ name: StaticString, _ cell: CSVCell, _ base: UnsafePointer<UInt8>) {
    CanonicalText.append(name, to: &pairBytes)
    cell.appendString(base, to: &pairBytes)
  }
}

extension CSVTemplate {
  /// Whether the bytes before a row are the layout's line end.
  func isSeparator(_ base: UnsafePointer<UInt8>, _ row: RawRow) -> Bool {
    UnsafeBufferPointer(start: base + row.gapStart, count: row.start - row.gapStart).elementsEqual(separator)
  }
}
