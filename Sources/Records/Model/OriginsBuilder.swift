/// Writes one origins chunk: where up to 512 rows of a batch came from, column by column.
///
/// Rows are appended in order; ``finish()`` returns the chunk as canonical JSON (RFC 8785) and makes the builder
/// ready for the next chunk. The shape, `n` being the number of rows:
/// `{"columns":{name:{"rows"?,"values"}},"count":n,"edits"?:{"records","rows"?},"first","kind":"origins",
/// "place"?:{"byte","gap"?,"gaps"?,"lengths","line","lines"?},"placeholders"?:{"rows","values"},"v":1,
/// "verbatim"?:{"rows","values"}}`.
///
/// Nothing here makes a `String`: it runs for every row of an import.
public struct OriginsBuilder: Sendable {
  /// The number, from 1, of the chunk's first row in its batch.
  public private(set) var first: Int
  /// How many rows the chunk has so far.
  public private(set) var count = 0

  private var places = PlaceColumns()
  private var columns = OriginColumns()
  private var edits = CellColumn()
  private var placeholders = CellColumn()
  private var verbatim = CellColumn()
  private var finishedSize = 0

  /// An empty chunk.
  /// - Parameter first: the number, from 1, of its first row.
  public init(first: Int) { self.first = first }

  /// Begins a row that stands in a source file. What is known about it follows in calls of
  /// ``column(_:value:)``, ``placeholder(_:)``, ``verbatim(_:)`` and ``edits(_:)``.
  /// - Parameters:
  ///   - line: the source line the row begins on, from 1.
  ///   - byte: the offset of its first byte in the decompressed source, from 0.
  ///   - length: how many bytes the row has.
  public mutating func appendRow(line: Int, byte: Int, length: Int) {
    places.append(line: line, byte: byte, length: length)
    beginRow()
  }

  /// Begins a row that stands in no source file. A chunk with one such row keeps no places at all.
  public mutating func appendRow() {
    places.close()
    beginRow()
  }

  /// Keeps a column of the row begun last. A second value for the same name is ignored.
  /// - Parameters:
  ///   - name: the column's name, valid UTF-8 without escapes or quotes.
  ///   - value: its value as canonical JSON.
  public mutating func column(_ name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    columns.append(name: name, row: count - 1, value: value)
  }

  /// Keeps how the source spelled an empty input of the row begun last, such as `<noinput>`.
  /// - Parameter spelling: valid UTF-8 without escapes or quotes; empty when the field was there and empty.
  public mutating func placeholder(_ spelling: UnsafeRawBufferPointer) {
    placeholders.append(row: count - 1) { CanonicalText.appendString(spelling, to: &$0) }
  }

  /// Keeps the source bytes of the row begun last, which its batch's layout does not reproduce.
  /// - Parameter bytes: valid UTF-8.
  public mutating func verbatim(_ bytes: UnsafeRawBufferPointer) {
    verbatim.append(row: count - 1) { CanonicalText.appendString(bytes, to: &$0) }
  }

  /// Says which record the row begun last edits.
  public mutating func edits(_ record: RecordID) {
    edits.append(row: count - 1) { CanonicalText.appendString(record.description, to: &$0) }
  }

  /// Returns the chunk's canonical bytes. The builder then holds an empty chunk that begins at the next row.
  public mutating func finish() -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(finishedSize + finishedSize / 8 + 256)
    CanonicalText.append("{\"columns\":", to: &output)
    columns.write(rows: count, to: &output)
    CanonicalText.append(",\"count\":", to: &output)
    CanonicalText.appendInteger(count, to: &output)
    if !edits.isEmpty {
      CanonicalText.append(",\"edits\":{\"records\":[", to: &output)
      edits.writeValues(to: &output)
      if edits.rows.count < count {
        CanonicalText.append("],\"rows\":", to: &output)
        CanonicalText.appendIntegers(edits.rows, to: &output)
        CanonicalText.append("}", to: &output)
      } else {
        CanonicalText.append("]}", to: &output)
      }
    }
    CanonicalText.append(",\"first\":", to: &output)
    CanonicalText.appendInteger(first, to: &output)
    CanonicalText.append(",\"kind\":\"origins\"", to: &output)
    places.write(to: &output)
    placeholders.write(named: ",\"placeholders\":", to: &output)
    CanonicalText.append(",\"v\":1", to: &output)
    verbatim.write(named: ",\"verbatim\":", to: &output)
    CanonicalText.append("}", to: &output)
    startNextChunk(after: output.count)
    return output
  }

  private mutating func beginRow() { count += 1 }

  private mutating func startNextChunk(after size: Int) {
    finishedSize = size
    first += count
    count = 0
    places.removeAll()
    columns.removeAll()
    edits.removeAll()
    placeholders.removeAll()
    verbatim.removeAll()
  }
}

extension OriginsBuilder {
  /// Keeps a column whose name and value are held in arrays; see ``column(_:value:)``.
  public mutating func column(_ name: some Collection<UInt8>, value: some Collection<UInt8>) {
    Array(name).withUnsafeBytes { name in
      Array(value).withUnsafeBytes { value in column(name, value: value) }
    }
  }
}
