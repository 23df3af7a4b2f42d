/// Writes records as the rows of a file: ``begin()``, then ``append(pair:origin:at:isOwnLayout:to:)`` for every
/// record, then ``end()``.
public struct RowWriter {
  /// How the rows are spelled.
  public let layout: Layout
  /// Rows before the next one.
  public private(set) var count = 0

  private enum Spelling {
    case json(RowTemplate)
    case csv(CSVTemplate)
  }

  private let spelling: Spelling
  private var parts = PairParts()
  /// The columns of the row being written; empty between rows.
  private var columns: [RenderedColumn] = []

  /// A writer of files in a layout. With `isContinuing` its first row follows others, which another writer (on
  /// another thread, say) has written.
  public init(layout: Layout, isContinuing: Bool = false) {
    self.layout = layout
    spelling = layout.format.isJSON ? .json(RowTemplate(layout)) : .csv(CSVTemplate(layout))
    count = isContinuing ? 1 : 0
  }

  /// A writer of files in a format, in its usual layout.
  public init(format: Format) { self.init(layout: .standard(format)) }

  /// The bytes before the first row.
  public func begin() -> [UInt8] { layout.prefix }

  /// The bytes after the last row.
  public func end() -> [UInt8] { layout.suffix }

  /// Appends a record, after a separator unless it is the first.
  ///
  /// Throws when the format cannot hold the pair without loss; nothing is appended then.
  /// - Parameters:
  ///   - pair: the pair's canonical bytes.
  ///   - origin: the origins chunk with the record's columns, if it has any.
  ///   - row: the record's offset in `origin`, from 0.
  ///   - isOwnLayout: true when `layout` is that of the batch that `origin` belongs to, so that the row's own
  ///     spelling, if it was kept, is used.
  public mutating func append(
    pair: UnsafeRawBufferPointer, origin: OriginsChunk? = nil, at row: Int = 0, isOwnLayout: Bool = false,
    to output: inout [UInt8]
  ) throws(ExportFailure) {
    if isOwnLayout, let verbatim = origin?.verbatim(at: row) {
      append(verbatim: verbatim, to: &output)
      count += 1
      return
    }
    let pair = pair.assumingMemoryBound(to: UInt8.self)
    guard parts.read(pair) else { throw .notAPair }
    switch spelling {
    case .json(let template): try template.check(parts, layout.format)
    case .csv(let template): try template.check(parts, origin, at: row)
    }
    if count > 0 { output.append(contentsOf: layout.separator) }
    count += 1
    guard let origin else { return write(pair, nil, to: &output) }
    var placeholder: [UInt8]?
    if isOwnLayout, let text = origin.placeholder(at: row) {
      var spelled: [UInt8] = []
      CanonicalJSON.append(text, to: &spelled)
      placeholder = Array(spelled.dropFirst().dropLast())
    }
    render(pair, origin, row, placeholder, to: &output)
  }

  private mutating func render(
    _ pair: UnsafeBufferPointer<UInt8>, _ origin: OriginsChunk, _ row: Int, _ placeholder: [UInt8]?,
    to output: inout [UInt8]
  ) {
    origin.nameBytes.withUnsafeBufferPointer { names in
      origin.bytes.withUnsafeBufferPointer { bytes in
        for cell in origin.cells(at: row) {
          let name = (cell.column == 0 ? 0 : origin.nameEnds[cell.column - 1])..<origin.nameEnds[cell.column]
          columns.append(
            RenderedColumn(
              name: UnsafeBufferPointer(rebasing: names[name]),
              value: UnsafeBufferPointer(rebasing: bytes[cell.value])))
        }
        if let placeholder {
          placeholder.withUnsafeBufferPointer { write(pair, $0, to: &output) }
        } else {
          write(pair, nil, to: &output)
        }
      }
    }
    columns.removeAll(keepingCapacity: true)
  }

  private func write(
    _ pair: UnsafeBufferPointer<UInt8>, _ placeholder: UnsafeBufferPointer<UInt8>?, to output: inout [UInt8]
  ) {
    switch spelling {
    case .json(let template):
      template.render(pair, parts, columns: columns, placeholder: placeholder, to: &output)
    case .csv(let template):
      template.render(pair, parts, columns: columns, placeholder: placeholder, to: &output)
    }
  }

  /// A kept row brings the bytes before it along when they were not the layout's separator; it then begins with
  /// something other than its opening brace; in CSV, with a line end.
  private func append(verbatim: [UInt8], to output: inout [UInt8]) {
    let isRow: (UInt8) -> Bool =
      layout.format.isJSON ? { $0 == UInt8(ascii: "{") } : { $0 != 0x0A && $0 != 0x0D }
    if verbatim.first.map(isRow) ?? true {
      if count > 0 { output.append(contentsOf: layout.separator) }
      output.append(contentsOf: verbatim)
    } else if count > 0 {
      output.append(contentsOf: verbatim)
    } else {
      output.append(contentsOf: verbatim.drop { !isRow($0) })
    }
  }
}
