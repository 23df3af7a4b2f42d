/// One origins chunk, read: where a run of rows of a batch came from and the columns they brought along.
///
/// Rows are addressed by their offset in the chunk, from 0; an offset outside of it has no cells and no place.
/// Values stay canonical JSON in ``bytes`` until they are asked for, so an export copies slices. ``OriginsBuilder``
/// documents the shape. A class, because it is handed on with every row and its many arrays would each be counted.
public final class OriginsChunk: Sendable {
  /// One column's value in one row.
  public struct Cell: Sendable {
    // Objects have at most 64 MiB, and half as many bytes are moved while a chunk is read.
    private let columnIndex: UInt32
    private let start: UInt32
    private let end: UInt32

    init(column: Int, value: Range<Int>) {
      columnIndex = UInt32(truncatingIfNeeded: column)
      start = UInt32(truncatingIfNeeded: value.lowerBound)
      end = UInt32(truncatingIfNeeded: value.upperBound)
    }

    /// Which column, an index into ``OriginsChunk/columnNames``.
    public var column: Int { Int(columnIndex) }
    /// Where the value is in ``OriginsChunk/bytes``, as canonical JSON.
    public var value: Range<Int> { Int(start)..<Int(end) }
  }

  /// Where a row stands in its source file.
  public struct Place: Equatable, Sendable {
    /// The line the row begins on, from 1.
    public let line: Int
    /// The offset of the row's first byte in the decompressed source, from 0.
    public let byte: Int
    /// How many bytes the row has.
    public let length: Int
  }

  /// What is read from a chunk's bytes.
  struct Parts: Sendable {
    let first: Int
    let count: Int
    let columnNames: [[UInt8]]
    /// All cells, those of row `i` at `cellStarts[i]..<cellStarts[i + 1]`, in the order of the columns.
    let cells: [Cell]
    let cellStarts: [Int]
    let places: PlaceList
    let editedRecords: SparseColumn<RecordID>
    let placeholders: SparseColumn<Range<Int>>
    let verbatims: SparseColumn<Range<Int>>
  }

  /// The canonical bytes the chunk was read from.
  public let bytes: [UInt8]
  let parts: Parts
  /// The names of the columns, one after the other, and where each ends.
  let nameBytes: [UInt8]
  let nameEnds: [Int]

  init(_ bytes: [UInt8], _ parts: Parts) {
    self.bytes = bytes
    self.parts = parts
    var (nameBytes, nameEnds): ([UInt8], [Int]) = ([], [])
    for name in parts.columnNames {
      nameBytes += name
      nameEnds.append(nameBytes.count)
    }
    (self.nameBytes, self.nameEnds) = (nameBytes, nameEnds)
  }

  /// The number, from 1, of the first row in its batch.
  public var first: Int { parts.first }
  /// How many rows the chunk has.
  public var count: Int { parts.count }
  /// The names of the columns that at least one row has, in RFC 8785's order, as UTF-8 without escapes.
  public var columnNames: [[UInt8]] { parts.columnNames }

  /// Chunks may have at most this many rows, whatever their batch says.
  public static let mostRows = 65_536

  /// The offset in this chunk of a row of the batch, or nil when the row is in another chunk.
  /// - Parameter row: the row's number in its batch, from 1.
  public func offset(ofRow row: Int) -> Int? { row >= first && row - first < count ? row - first : nil }

  /// The columns of a row, in the order of ``columnNames``.
  public func cells(at offset: Int) -> ArraySlice<Cell> {
    guard offset >= 0, offset < count else { return [] }
    return parts.cells[parts.cellStarts[offset]..<parts.cellStarts[offset + 1]]
  }

  /// Where a row stands in its source, when its batch has one.
  public func place(at offset: Int) -> Place? { parts.places[offset] }

  /// Which record a row of an edit batch edits.
  public func editedRecord(at offset: Int) -> RecordID? { parts.editedRecords[offset] }

  /// How the source spelled an input that is absent from the pair, such as `<noinput>`; empty when the field was
  /// there and empty.
  public func placeholder(at offset: Int) -> String? {
    guard let range = parts.placeholders[offset] else { return nil }
    return bytes.withUnsafeBytes { CanonicalText.unescaped(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// The source bytes of a row that its batch's layout does not reproduce.
  public func verbatim(at offset: Int) -> [UInt8]? {
    guard let range = parts.verbatims[offset] else { return nil }
    var source: [UInt8] = []
    source.reserveCapacity(range.count)
    bytes.withUnsafeBytes {
      CanonicalText.appendUnescaped(UnsafeRawBufferPointer(rebasing: $0[range]), to: &source)
    }
    return source
  }

  /// The index in ``columnNames`` of a column, or nil when no row of the chunk has it.
  public func column(named name: String) -> Int? {
    columnNames.firstIndex { $0.elementsEqual(name.utf8) }
  }

  /// The value of a column in a row as canonical JSON, or nil when the row does not have it.
  /// - Parameter column: an index into ``columnNames``.
  public func value(ofColumn column: Int, at offset: Int) -> Range<Int>? {
    let cells = cells(at: offset)
    var low = cells.startIndex
    var high = cells.endIndex
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].column < column { low = middle + 1 } else { high = middle }
    }
    return low < cells.endIndex && cells[low].column == column ? cells[low].value : nil
  }
}

/// Where the rows of a chunk stand in their file, as differences: few readers ask, and those for few rows.
struct PlaceList: Sendable {
  static let none = PlaceList(line: 0, byte: 0, lengths: [], gap: 0, gaps: nil, steps: nil)

  let line: Int
  let byte: Int
  let lengths: [Int]
  /// Bytes between rows: the same everywhere, or one number less than rows.
  let gap: Int
  let gaps: [Int]?
  /// Lines from row to row, one number less than rows; nil when it is always one.
  let steps: [Int]?

  /// The place of a row; takes time proportional to its offset.
  subscript(offset: Int) -> OriginsChunk.Place? {
    guard lengths.indices.contains(offset) else { return nil }
    var line = line
    var byte = byte
    for row in 0..<offset {
      line += steps?[row] ?? 1
      byte += lengths[row] + (gaps?[row] ?? gap)
    }
    return OriginsChunk.Place(line: line, byte: byte, length: lengths[offset])
  }

  /// The offset of the first row that would lie outside of any file, before line 1 or byte 0 or beyond 2^53.
  var firstOutside: Int? {
    var line = line
    var byte = byte
    for (row, length) in lengths.enumerated() {
      guard line >= 1, byte >= 0, length >= 0, line <= 1 << 53, byte <= 1 << 53 else { return row }
      guard row < lengths.count - 1 else { break }
      line += steps?[row] ?? 1
      byte += length + (gaps?[row] ?? gap)
    }
    return nil
  }
}

/// Values that some rows of a chunk have: ascending row offsets and as many values.
struct SparseColumn<Value: Sendable>: Sendable {
  /// Nil when every row has a value.
  let rows: [Int]?
  let values: [Value]

  static var empty: SparseColumn { SparseColumn(rows: [], values: []) }

  subscript(offset: Int) -> Value? {
    guard let rows else { return values.indices.contains(offset) ? values[offset] : nil }
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low] == offset ? values[low] : nil
  }
}
