import Glibc

/// A CSV layout made ready for use: recognises rows that it would write the same way, and writes rows.
///
/// Cells are written as they are: text that a spreadsheet takes for a formula (it begins with `=`, `+`, `-`, `@`,
/// a tab or a carriage return) is not altered, because an export gives back what was imported, and a changed
/// answer would be training data nobody wrote. Open exports of untrusted rows in a spreadsheet as text.
struct CSVTemplate: Sendable {
  struct Slot: Sendable {
    let name: [UInt8]
    let role: FieldRole?
    let quoting: CSVDialect.Quoting
  }

  let slots: [Slot]
  let delimiter: UInt8
  let separator: [UInt8]
  private let format: Format

  init(_ layout: Layout) {
    let stored = layout.dialect.flatMap { CSVDialect($0, columns: layout.fields.count) }
    let dialect = stored ?? .standard(layout.format, columns: layout.fields.count)
    delimiter = dialect.delimiter
    separator = layout.separator
    format = layout.format
    slots = zip(layout.fields, dialect.quoting).map { field, quoting in
      Slot(name: Array(field.name.utf8), role: field.role, quoting: quoting)
    }
  }

  /// Whether this template writes the texts of these cells as they are spelled.
  func spells(_ cells: [CSVCell], _ base: UnsafePointer<UInt8>) -> Bool {
    for (slot, cell) in zip(slots, cells) {
      let isQuoted =
        switch slot.quoting {
        case .always: true
        case .unlessEmpty: cell.start < cell.end
        case .needed: cell.needsQuotes(base, delimiter)
        }
      guard isQuoted == cell.isQuoted else { return false }
    }
    return true
  }

  /// Refuses what the header has no column for.
  func check(_ parts: PairParts, _ origin: OriginsChunk?, at row: Int) throws(ExportFailure) {
    guard parts.turns.isEmpty else { throw .earlierTurns(format) }
    if parts.input != nil, !slots.contains(where: { $0.role == .input }) { throw .input(format) }
    if parts.system != nil, !slots.contains(where: { $0.role == .system }) { throw .system(format) }
    guard let origin else { return }
    for cell in origin.cells(at: row) {
      let name = origin.columnNames[cell.column]
      guard slots.contains(where: { $0.role == nil && $0.name == name }) else {
        throw .column(String(decoding: name, as: UTF8.self), format)
      }
    }
  }

  /// Appends a row without its line end. ``check(_:_:at:)`` has passed it.
  ///
  /// Values of columns that are not strings are written as canonical JSON; a column that the row does not have,
  /// or has as `null`, is an empty cell.
  /// - Parameters:
  ///   - pair: the pair's canonical bytes, in which `parts` are found.
  ///   - columns: the columns beside the pair.
  ///   - placeholder: how the source spelled an input that the pair does not have, in canonical spelling.
  func render(
    _ pair: UnsafeBufferPointer<UInt8>, _ parts: PairParts, columns: [RenderedColumn],
    placeholder: UnsafeBufferPointer<UInt8>?, to output: inout [UInt8]
  ) {
    func text(_ span: StringSpan) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: pair[span.start..<span.end])
    }
    for (position, slot) in slots.enumerated() {
      if position > 0 { output.append(delimiter) }
      switch slot.role {
      case .instruction: append(text(parts.instruction), slot.quoting, to: &output)
      case .output: append(text(parts.output), slot.quoting, to: &output)
      case .input: append(parts.input.map(text) ?? placeholder, slot.quoting, to: &output)
      case .system: append(parts.system.map(text), slot.quoting, to: &output)
      case .messages: append(nil, slot.quoting, to: &output)
      case nil: append(value: columns.first { $0.isNamed(slot.name) }?.value, slot.quoting, to: &output)
      }
    }
  }

  private func append(
    value: UnsafeBufferPointer<UInt8>?, _ quoting: CSVDialect.Quoting, to output: inout [UInt8]
  ) {
    guard let value, let first = value.first else { return append(nil, quoting, to: &output) }
    if first == UInt8(ascii: "\""), value.count >= 2 {
      append(UnsafeBufferPointer(rebasing: value[1..<value.count - 1]), quoting, to: &output)
    } else if first == UInt8(ascii: "n") {
      append(nil, quoting, to: &output)
    } else {
      Self.appendCell(value, quoting, delimiter, to: &output)
    }
  }

  /// Appends the cell of a string whose inside is given in canonical spelling; nil is an empty cell.
  private func append(
    _ canonical: UnsafeBufferPointer<UInt8>?, _ quoting: CSVDialect.Quoting, to output: inout [UInt8]
  ) {
    guard let canonical, !canonical.isEmpty else {
      if quoting == .always { output.append(contentsOf: [0x22, 0x22]) }
      return
    }
    let raw = UnsafeRawBufferPointer(canonical)
    guard TextScan.endOfPlainText(in: raw, from: 0) < canonical.count else {
      return Self.appendCell(canonical, quoting, delimiter, to: &output)
    }
    var text: [UInt8] = []
    text.reserveCapacity(canonical.count)
    CanonicalText.appendUnescaped(raw, to: &text)
    text.withUnsafeBufferPointer { Self.appendCell($0, quoting, delimiter, to: &output) }
  }

  /// Appends a cell with the quotes that it needs or its column has.
  static func appendCell(
    _ text: UnsafeBufferPointer<UInt8>, _ quoting: CSVDialect.Quoting, _ delimiter: UInt8,
    to output: inout [UInt8]
  ) {
    guard quoting != .needed || text.hasCSVStructure(delimiter) else {
      return output.append(contentsOf: text)
    }
    output.append(UInt8(ascii: "\""))
    var copied = 0
    while copied < text.count, let base = text.baseAddress,
      let found = memchr(base + copied, 0x22, text.count - copied)
    {
      let quote = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
      output.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...quote]))
      output.append(UInt8(ascii: "\""))
      copied = quote + 1
    }
    output.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
    output.append(UInt8(ascii: "\""))
  }
}

extension CSVCell {
  /// Whether the text has a byte that only quotes can hold.
  func needsQuotes(_ base: UnsafePointer<UInt8>, _ delimiter: UInt8) -> Bool {
    hasDoubledQuotes
      || UnsafeBufferPointer(start: base + start, count: end - start).hasCSVStructure(delimiter)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a quote, a line break or the delimiter is among these bytes.
  fileprivate func hasCSVStructure(_ delimiter: UInt8) -> Bool {
    guard let baseAddress else { return false }
    let found = TextScan.first(baseAddress, from: 0, to: count) { word in
      TextScan.equal(word, 0x22) | TextScan.equal(word, delimiter) | TextScan.equal(word, 0x0A)
        | TextScan.equal(word, 0x0D)
    }
    return found < count
  }
}
