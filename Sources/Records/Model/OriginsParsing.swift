extension OriginsChunk {
  /// Reads a chunk from its canonical bytes.
  ///
  /// Throws an ``ObjectFormatError`` for what ``OriginsBuilder`` would not have written: unknown or unsorted
  /// members, row lists that do not ascend or leave the chunk, value lists of another length than their rows.
  /// Work and memory are proportional to the bytes, whatever they say.
  public convenience init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    guard (try? UTF8Span(validating: bytes.span)) != nil else {
      throw ObjectFormatError(kind: "origins", .json("it holds invalid UTF-8"))
    }
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(ObjectFormatError) in
        var reader = OriginsReader(CanonicalScanner(buffer))
        return try reader.read()
      }
    }
    self.init(bytes, try result.get())
  }
}

/// Reads the members of an origins chunk in their canonical order.
private struct OriginsReader {
  /// One list of rows and values as it was found, before the number of rows is known.
  private struct Found {
    var rows: [Int]?
    var values = Values()
  }

  /// Where the values of a list are: each ends one byte, the comma, before the next begins.
  private struct Values {
    /// Where each begins, and one past the closing bracket.
    var starts: [UInt32] = []

    var count: Int { max(0, starts.count - 1) }
    var ranges: [Range<Int>] { (0..<count).map { self[$0] } }

    subscript(position: Int) -> Range<Int> { Int(starts[position])..<Int(starts[position + 1]) - 1 }
  }

  private var scanner: CanonicalScanner
  private var count = 0

  init(_ scanner: CanonicalScanner) { self.scanner = scanner }

  mutating func read() throws(ObjectFormatError) -> OriginsChunk.Parts {
    do {
      return try chunk()
    } catch let stop as CanonicalScanner.Stop {
      throw ObjectFormatError(kind: "origins", .notCanonical(byte: stop.byte))
    } catch let error as ObjectFormatError {
      throw error
    } catch {
      throw ObjectFormatError(kind: "origins", .invalid("\(error)"))
    }
  }

  private mutating func chunk() throws -> OriginsChunk.Parts {
    try scanner.expect("{\"columns\":")
    let columns = try columns()
    try scanner.expect(",\"count\":")
    count = try scanner.integer()
    guard count >= 0, count <= OriginsChunk.mostRows else {
      throw invalid("count", "a chunk has 0 to \(OriginsChunk.mostRows) rows")
    }
    for (name, found) in columns { try check(found, "columns.\(String(decoding: name, as: UTF8.self))") }
    let edits = try edits()
    try scanner.expect(",\"first\":")
    let first = try scanner.integer()
    guard first >= 1 else { throw invalid("first", "rows count from 1") }
    try scanner.expect(",\"kind\":\"origins\"")
    let places = scanner.skip(",\"place\":") ? try places() : .none
    let placeholders = scanner.skip(",\"placeholders\":") ? try texts("placeholders") : .empty
    try scanner.expect(",\"v\":1")
    let verbatims = scanner.skip(",\"verbatim\":") ? try texts("verbatim") : .empty
    try scanner.expect("}")
    try scanner.expectEnd()
    let (cells, starts) = Self.byRow(columns.map(\.1), rows: count)
    return OriginsChunk.Parts(
      first: first, count: count, columnNames: columns.map(\.0), cells: cells,
      cellStarts: starts, places: places, editedRecords: edits, placeholders: placeholders,
      verbatims: verbatims)
  }

  // MARK: Lists of rows and values

  private mutating func columns() throws -> [([UInt8], Found)] {
    var columns: [([UInt8], Found)] = []
    try scanner.expect("{")
    if scanner.skip("}") { return columns }
    repeat {
      let range = try scanner.string()
      var name: [UInt8] = []
      CanonicalText.appendUnescaped(UnsafeRawBufferPointer(rebasing: scanner.bytes[range]), to: &name)
      if let before = columns.last?.0 {
        let ascends = before.withUnsafeBytes { left in
          name.withUnsafeBytes { right in CanonicalText.precedes(left, right) }
        }
        guard ascends else { throw CanonicalScanner.Stop(byte: range.lowerBound) }
      }
      try scanner.expect(":")
      columns.append((name, try found()))
    } while scanner.skip(",")
    try scanner.expect("}")
    return columns
  }

  /// Passes `{"rows"?:[…],"values":[…]}`.
  private mutating func found() throws(CanonicalScanner.Stop) -> Found {
    var found = Found()
    if scanner.skip("{\"rows\":") {
      found.rows = try integers()
      try scanner.expect(",\"values\":")
    } else {
      try scanner.expect("{\"values\":")
    }
    found.values = try values()
    try scanner.expect("}")
    return found
  }

  private mutating func values() throws(CanonicalScanner.Stop) -> Values {
    var values = Values()
    try scanner.expect("[")
    if scanner.skip(UInt8(ascii: "]")) { return values }
    values.starts.reserveCapacity(Batch.standardChunk + 1)
    try scanner.passValues(&values.starts)
    try scanner.expect("]")
    values.starts.append(UInt32(truncatingIfNeeded: scanner.position))
    return values
  }

  private mutating func integers() throws(CanonicalScanner.Stop) -> [Int] {
    var numbers: [Int] = []
    try scanner.expect("[")
    if scanner.skip(UInt8(ascii: "]")) { return numbers }
    numbers.reserveCapacity(Batch.standardChunk)
    try scanner.passNumbers(&numbers)
    try scanner.expect("]")
    return numbers
  }

  private func check(_ found: Found, _ path: String, rowsAlways: Bool = false) throws(ObjectFormatError) {
    guard let rows = found.rows else {
      guard found.values.count == count, count > 0 else {
        throw invalid(path + ".values", "\(found.values.count) values for \(count) rows")
      }
      return
    }
    guard rows.count == found.values.count else {
      throw invalid(path + ".values", "\(found.values.count) values for \(rows.count) row offsets")
    }
    guard !rows.isEmpty, rowsAlways || rows.count < count else {
      throw invalid(path + ".rows", "it must list some rows and not all of them")
    }
    var least = 0
    for row in rows {
      guard row >= least, row < count else {
        throw invalid(path + ".rows", "row offsets must ascend and be below the chunk's \(count) rows")
      }
      least = row + 1
    }
  }

  /// Passes a sparse list of strings that always names its rows.
  private mutating func texts(_ path: String) throws -> SparseColumn<Range<Int>> {
    let found = try found()
    guard found.rows != nil else { throw ObjectFormatError(kind: "origins", path: path + ".rows", .missing) }
    try check(found, path, rowsAlways: true)
    let values = found.values.ranges
    for value in values where scanner.bytes[value.lowerBound] != UInt8(ascii: "\"") {
      throw ObjectFormatError(kind: "origins", path: path + ".values", .expected("an array of strings"))
    }
    return SparseColumn(rows: found.rows, values: values.map { $0.lowerBound + 1..<$0.upperBound - 1 })
  }

  /// Sorts the cells of all columns by row; they stay in column order within a row.
  private static func byRow(_ columns: [Found], rows: Int) -> ([OriginsChunk.Cell], [Int]) {
    if columns.allSatisfy({ $0.rows == nil }) { return byRow(full: columns.map(\.values), rows: rows) }
    var starts = [Int](repeating: 0, count: rows + 1)
    for column in columns {
      if let listed = column.rows {
        for row in listed { starts[row + 1] += 1 }
      } else {
        for row in 0..<rows { starts[row + 1] += 1 }
      }
    }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    var next = starts
    let none = OriginsChunk.Cell(column: 0, value: 0..<0)
    var cells = [OriginsChunk.Cell](repeating: none, count: starts[rows])
    for (index, column) in columns.enumerated() {
      for position in 0..<column.values.count {
        let row = column.rows?[position] ?? position
        cells[next[row]] = OriginsChunk.Cell(column: index, value: column.values[position])
        next[row] += 1
      }
    }
    return (cells, starts)
  }

  /// The same for columns that every row has, which most chunks have only.
  private static func byRow(full columns: [Values], rows: Int) -> ([OriginsChunk.Cell], [Int]) {
    let width = columns.count
    let cells = [OriginsChunk.Cell](unsafeUninitializedCapacity: rows * width) { cells, count in
      for (index, values) in columns.enumerated() {
        var place = index
        for row in 0..<rows {
          cells.initializeElement(at: place, to: OriginsChunk.Cell(column: index, value: values[row]))
          place += width
        }
      }
      count = rows * width
    }
    return (cells, (0...rows).map { $0 * width })
  }

  // MARK: Edits and places

  private mutating func edits() throws -> SparseColumn<RecordID> {
    guard scanner.skip(",\"edits\":{\"records\":") else { return .empty }
    var found = Found(values: try values())
    if scanner.skip(",\"rows\":") { found.rows = try integers() }
    try scanner.expect("}")
    try check(found, "edits")
    var records: [RecordID] = []
    records.reserveCapacity(found.values.count)
    for value in found.values.ranges {
      let text = String(decoding: scanner.bytes[value].dropFirst().dropLast(), as: UTF8.self)
      guard scanner.bytes[value.lowerBound] == UInt8(ascii: "\""), let record = RecordID(text) else {
        throw ObjectFormatError(kind: "origins", path: "edits.records", .expected("an array of record ids"))
      }
      records.append(record)
    }
    return SparseColumn(rows: found.rows, values: records)
  }

  private mutating func places() throws -> PlaceList {
    try scanner.expect("{\"byte\":")
    let byte = try scanner.integer()
    let gap = scanner.skip(",\"gap\":") ? try scanner.integer() : 1
    let gaps = scanner.skip(",\"gaps\":") ? try integers() : nil
    try scanner.expect(",\"lengths\":")
    let lengths = try integers()
    try scanner.expect(",\"line\":")
    let line = try scanner.integer()
    let steps = scanner.skip(",\"lines\":") ? try integers() : nil
    try scanner.expect("}")
    guard lengths.count == count, count > 0 else { throw invalid("place.lengths", "one length a row") }
    guard gaps == nil || gaps?.count == count - 1 else {
      throw invalid("place.gaps", "one gap between two rows")
    }
    guard steps == nil || steps?.count == count - 1 else {
      throw invalid("place.lines", "one step between two rows")
    }
    let places = PlaceList(line: line, byte: byte, lengths: lengths, gap: gap, gaps: gaps, steps: steps)
    if let row = places.firstOutside {
      throw invalid("place", "row \(first(row)) would be outside of its file")
    }
    return places
  }

  private func first(_ offset: Int) -> String { "at offset \(offset)" }

  private func invalid(_ path: String, _ reason: String) -> ObjectFormatError {
    ObjectFormatError(kind: "origins", path: path, .invalid(reason))
  }
}
