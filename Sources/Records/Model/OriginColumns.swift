/// The cells of one column of an origins chunk under construction: which rows have one, and their values.
struct CellColumn: Sendable {
  /// Offsets, from 0, of the rows that have a value, ascending.
  private(set) var rows: [Int] = []
  /// The values as canonical JSON, a comma between them.
  private(set) var values: [UInt8] = []

  var isEmpty: Bool { rows.isEmpty }

  /// Adds a row's value, which `write` appends as canonical JSON. A second value for the row is ignored.
  mutating func append(row: Int, write: (inout [UInt8]) -> Void) {
    guard begin(row: row) else { return }
    write(&values)
  }

  /// Adds a row's value, already canonical JSON. A second value for the row is ignored.
  mutating func append(row: Int, value: UnsafeRawBufferPointer) {
    guard begin(row: row) else { return }
    values.append(contentsOf: value)
  }

  /// Appends `name{"rows":[…],"values":[…]}`, or nothing when no row has a value.
  func write(named name: StaticString, to output: inout [UInt8]) {
    guard !isEmpty else { return }
    CanonicalText.append(name, to: &output)
    write(withRows: true, to: &output)
  }

  /// Appends `{"rows":[…],"values":[…]}`; without `rows` when every row has a value.
  func write(withRows: Bool, to output: inout [UInt8]) {
    if withRows {
      CanonicalText.append("{\"rows\":", to: &output)
      CanonicalText.appendIntegers(rows, to: &output)
      CanonicalText.append(",\"values\":[", to: &output)
    } else {
      CanonicalText.append("{\"values\":[", to: &output)
    }
    writeValues(to: &output)
    CanonicalText.append("]}", to: &output)
  }

  /// Appends the values with commas between them.
  func writeValues(to output: inout [UInt8]) { output.append(contentsOf: values) }

  mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  private mutating func begin(row: Int) -> Bool {
    if let last = rows.last {
      guard last < row else { return false }
      values.append(UInt8(ascii: ","))
    }
    rows.append(row)
    return true
  }
}

/// The named columns of an origins chunk under construction.
///
/// Rows mostly repeat the columns of the row before in the same order, so the column after the one found last is
/// tried first; a hash table answers for the rest, so that rows with ever new names cost no quadratic time.
struct OriginColumns: Sendable {
  private struct Column: Sendable {
    var name: [UInt8]
    var cells = CellColumn()
    /// The column before this one whose name has the same hash, or -1.
    var sibling: Int
  }

  private var columns: [Column] = []
  private var newest: [Int: Int] = [:]
  private var expected = 0

  /// Chunks that end with more columns than this do not pass their (empty) columns on to the next chunk.
  private static let columnsKept = 256

  mutating func append(name: UnsafeRawBufferPointer, row: Int, value: UnsafeRawBufferPointer) {
    let index = index(of: name)
    expected = index + 1 < columns.count ? index + 1 : 0
    columns[index].cells.append(row: row, value: value)
  }

  /// Appends the columns as a JSON object, sorted as RFC 8785 says.
  /// - Parameter rows: the number of rows in the chunk; a column that has them all needs no row list.
  func write(rows: Int, to output: inout [UInt8]) {
    let order = columns.indices.filter { !columns[$0].cells.isEmpty }.sorted { left, right in
      columns[left].name.withUnsafeBytes { left in
        columns[right].name.withUnsafeBytes { right in CanonicalText.precedes(left, right) }
      }
    }
    output.append(UInt8(ascii: "{"))
    for (position, index) in order.enumerated() {
      if position > 0 { output.append(UInt8(ascii: ",")) }
      columns[index].name.withUnsafeBytes { CanonicalText.appendString($0, to: &output) }
      output.append(UInt8(ascii: ":"))
      let cells = columns[index].cells
      cells.write(withRows: cells.rows.count < rows, to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  mutating func removeAll() {
    expected = 0
    if columns.count > Self.columnsKept {
      columns = []
      newest = [:]
    } else {
      for index in columns.indices { columns[index].cells.removeAll() }
    }
  }

  private mutating func index(of name: UnsafeRawBufferPointer) -> Int {
    if expected < columns.count, Self.equal(columns[expected].name, name) { return expected }
    var hasher = Hasher()
    hasher.combine(bytes: name)
    let hash = hasher.finalize()
    var candidate = newest[hash] ?? -1
    while candidate >= 0 {
      if Self.equal(columns[candidate].name, name) { return candidate }
      candidate = columns[candidate].sibling
    }
    columns.append(Column(name: Array(name), sibling: newest[hash] ?? -1))
    newest[hash] = columns.count - 1
    return columns.count - 1
  }

  private static func equal(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Bool {
    left.count == right.count && left.withUnsafeBytes { $0.elementsEqual(right) }
  }
}
