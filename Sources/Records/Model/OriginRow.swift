/// Everything an origins chunk says about one row, as values: what blame and audit show.
public struct OriginRow: Sendable {
  /// One column the source file had beside the pair.
  public struct Column: Sendable {
    /// The column's name.
    public let name: String
    /// Its value.
    public let value: JSONValue
  }

  /// The row's number in its batch, from 1.
  public let row: Int
  /// Where the row stands in the batch's source.
  public let place: OriginsChunk.Place?
  /// The columns beside the pair, in RFC 8785's order of names.
  public let columns: [Column]
  /// The record this row edits, in an edit batch.
  public let editedRecord: RecordID?
  /// How the source spelled an absent input, such as `<noinput>`.
  public let placeholder: String?
  /// The row's source bytes when the batch's layout does not reproduce them.
  public let verbatim: [UInt8]?

  /// The value of a column, or nil when the row does not have it.
  public subscript(_ column: String) -> JSONValue? {
    columns.first { $0.name.utf8.elementsEqual(column.utf8) }?.value
  }
}

extension OriginsChunk {
  /// Reads one row, or returns nil when the chunk has no row at this offset.
  ///
  /// Throws an ``ObjectFormatError`` when a column's value is JSON that the reader refuses, such as an object
  /// with two equal keys.
  public func row(at offset: Int) throws(ObjectFormatError) -> OriginRow? {
    guard offset >= 0, offset < count else { return nil }
    var columns: [OriginRow.Column] = []
    for cell in cells(at: offset) {
      let name = String(decoding: columnNames[cell.column], as: UTF8.self)
      columns.append(OriginRow.Column(name: name, value: try value(cell.value, column: name)))
    }
    return OriginRow(
      row: first + offset, place: place(at: offset), columns: columns, editedRecord: editedRecord(at: offset),
      placeholder: placeholder(at: offset), verbatim: verbatim(at: offset))
  }

  /// Reads a value that is at `range` of ``bytes``.
  func value(_ range: Range<Int>, column: String) throws(ObjectFormatError) -> JSONValue {
    do {
      return try bytes.withUnsafeBytes { bytes in
        Result { () throws(JSONFailure) in try JSON.parse(UnsafeRawBufferPointer(rebasing: bytes[range])) }
      }.get()
    } catch {
      throw ObjectFormatError(kind: "origins", path: "columns.\(column).values", .json(error.description))
    }
  }
}
