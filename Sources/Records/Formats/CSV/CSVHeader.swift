/// The header line of a CSV file: the delimiter, the columns and what they mean.
struct CSVHeader {
  /// `csv` or `tsv`.
  let format: Format
  let delimiter: UInt8
  /// The columns, with the roles that `instruction`, `input`, `output` and `system`, or `prompt` and `completion`,
  /// or the names that the options give, have by name.
  let fields: [Layout.Field]
  /// The offset behind the header's line end, and the line it is in.
  let end: Int
  let nextLine: Int

  /// The header's cells read with one delimiter.
  private struct Reading {
    let delimiter: UInt8
    let names: [String]
    let starts: [Int]
    let end: Int
    let line: Int
    let nextLine: Int
  }

  /// Reads the first line that is not empty, with the delimiter that gives columns a pair can be made of.
  /// - Parameter isEnd: whether `bytes` is the whole file.
  init(_ bytes: [UInt8], isEnd: Bool, options: ImportOptions) throws(ImportFailure) {
    for role in options.fields.keys where FieldRole(rawValue: role) == nil { throw .unknownRole(role) }
    let delimiters = CSVDialect.delimiters.filter { delimiter in
      options.format == nil || (options.format == .tsv) == (delimiter == UInt8(ascii: "\t"))
    }
    var failure: ImportFailure?
    var widest: Reading?
    for delimiter in delimiters {
      do throws(ImportFailure) {
        let reading = try Self.read(bytes, isEnd: isEnd, delimiter, options.limits)
        if let fields = Self.fields(reading.names, options) {
          try Self.checkNames(reading, bytes)
          self.fields = fields
          self.delimiter = delimiter
          format = delimiter == UInt8(ascii: "\t") ? .tsv : .csv
          end = reading.end
          nextLine = reading.nextLine
          return
        }
        if reading.names.count > widest?.names.count ?? 0 { widest = reading }
      } catch {
        failure = failure ?? error
      }
    }
    if let widest, failure == nil || widest.names.count > 1 { throw .unknownColumns(widest.names) }
    throw failure ?? .noRows
  }

  /// Reads the first line that is not empty as the names of columns that mean nothing yet, with the delimiter that gives
  /// the most.
  /// - Parameter isEnd: whether `bytes` is the whole file.
  init(tableIn bytes: [UInt8], isEnd: Bool, limits: JSONLimits) throws(ImportFailure) {
    var failure: ImportFailure?
    var widest: Reading?
    for delimiter in CSVDialect.delimiters {
      do throws(ImportFailure) {
        let reading = try Self.read(bytes, isEnd: isEnd, delimiter, limits)
        if reading.names.count > widest?.names.count ?? 0 { widest = reading }
      } catch {
        failure = failure ?? error
      }
    }
    guard let widest else { throw failure ?? .noRows }
    try Self.checkNames(widest, bytes)
    fields = widest.names.map { Layout.Field($0, role: nil) }
    delimiter = widest.delimiter
    format = delimiter == UInt8(ascii: "\t") ? .tsv : .csv
    end = widest.end
    nextLine = widest.nextLine
  }

  private static func read(
    _ bytes: [UInt8], isEnd: Bool, _ delimiter: UInt8, _ limits: JSONLimits
  ) throws(ImportFailure) -> Reading {
    let outcome = bytes.withUnsafeBufferPointer { buffer -> Result<Reading, ImportFailure> in
      guard let base = buffer.baseAddress else { return .failure(.noRows) }
      let begin = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var scanner = CSVScanner(base, from: begin, to: bytes.count, delimiter: delimiter)
      while scanner.skipLineEnd() {}
      let start = scanner.at
      guard start < bytes.count else { return .failure(.noRows) }
      _ = scanner.skipRow()
      let end = scanner.at
      let line = 1 + CSVCutter.lineEnds(buffer, from: begin, to: start)
      var row = CSVRow(delimiter: delimiter, count: nil, limits: limits)
      do throws(RowFault) {
        try row.parse(base, from: start, to: end)
        guard scanner.skipLineEnd() || isEnd else {
          throw RowFault(.json(.textTooLong(limit: bytes.count)), at: start)
        }
      } catch {
        let whole = RawRow(
          gapStart: 0, start: start, end: end, line: line, column: start == begin ? begin + 1 : 1)
        return .failure(.malformed(RejectedRow(whole, base, byteOffset: 0, error)))
      }
      let nextLine = 1 + CSVCutter.lineEnds(buffer, from: begin, to: scanner.at)
      return .success(
        Reading(
          delimiter: delimiter, names: row.cells.map { $0.text(base) },
          starts: row.cells.map { $0.isQuoted ? $0.start - 1 : $0.start }, end: scanner.at, line: line,
          nextLine: nextLine))
    }
    return try outcome.get()
  }

  /// The columns and their roles; nil when a pair cannot be made of them.
  private static func fields(_ names: [String], _ options: ImportOptions) -> [Layout.Field]? {
    let texts: [FieldRole] = [.instruction, .input, .output, .system]
    func position(_ name: String) -> Int? { names.firstIndex { $0.utf8.elementsEqual(name.utf8) } }
    var roles = Array(repeating: FieldRole?.none, count: names.count)
    var found: Set<FieldRole> = []
    for role in texts {
      guard let position = position(options.fields[role.rawValue] ?? role.rawValue) else {
        // A column that was asked for by name must be there.
        if options.fields[role.rawValue] != nil { return nil }
        continue
      }
      guard roles[position] == nil else { return nil }
      roles[position] = role
      found.insert(role)
    }
    if found.isDisjoint(with: [.instruction, .output]), let prompt = position("prompt"),
      let completion = position("completion"), roles[prompt] == nil, roles[completion] == nil
    {
      roles[prompt] = .instruction
      roles[completion] = .output
      found.formUnion([.instruction, .output])
    }
    guard found.isSuperset(of: [.instruction, .output]), options.fields["messages"] == nil else { return nil }
    return zip(names, roles).map { name, role in
      Layout.Field(name, role: role, isEmptyWhenAbsent: role == .input || role == .system)
    }
  }

  private static func checkNames(_ reading: Reading, _ bytes: [UInt8]) throws(ImportFailure) {
    var seen: Set<[UInt8]> = []
    for (name, start) in zip(reading.names, reading.starts) where !seen.insert(Array(name.utf8)).inserted {
      let fault = RowFault(.csv(.repeatedName(name)), at: start)
      let rejected = bytes.withUnsafeBufferPointer { buffer -> RejectedRow? in
        guard let base = buffer.baseAddress else { return nil }
        let row = RawRow(
          gapStart: 0, start: reading.starts[0], end: reading.end, line: reading.line, column: 1)
        return RejectedRow(row, base, byteOffset: 0, fault)
      }
      throw rejected.map(ImportFailure.malformed) ?? .noRows
    }
  }
}

extension CSVHeader {
  /// The header of a file that is CSV by the options or by its first byte; nil for one that is read as JSON.
  static func expected(
    _ window: SourceWindow, _ container: Container, _ options: ImportOptions
  ) throws(ImportFailure) -> CSVHeader? {
    if let format = options.format {
      guard !format.isJSON else { return nil }
      return try CSVHeader(window.bytes, isEnd: window.isAtEnd, options: options)
    }
    guard let first = container.first, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else {
      return nil
    }
    do throws(ImportFailure) {
      return try CSVHeader(window.bytes, isEnd: window.isAtEnd, options: options)
    } catch {
      // A first line that is neither may be a malformed row of JSON that is to be left out.
      if options.skipInvalid { return nil }
      throw error
    }
  }
}

extension CSVCutter {
  /// A cutter of the rows behind a header.
  init(_ header: CSVHeader, limits: JSONLimits) {
    self.init(from: header.end, line: header.nextLine, delimiter: header.delimiter, limits: limits)
  }
}

extension CSVRow {
  /// A reader of the rows behind a header.
  init(_ header: CSVHeader, limits: JSONLimits) {
    self.init(delimiter: header.delimiter, count: header.fields.count, limits: limits)
  }
}
