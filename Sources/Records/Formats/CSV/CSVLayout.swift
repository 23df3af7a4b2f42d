extension Layout {
  /// The usual layout of a table (RFC 4180, with LF) that holds these columns beside the pair.
  ///
  /// Rows can only have columns that the header names, so name all that any of the rows has.
  /// - Parameters:
  ///   - format: `csv` or `tsv`.
  ///   - columns: the columns beside the pair, in order.
  ///   - hasSystem: whether there is a column for system messages.
  public static func table(_ format: Format, columns: [String] = [], hasSystem: Bool = false) -> Layout {
    var roles: [FieldRole] = [.instruction, .input, .output]
    if hasSystem { roles.append(.system) }
    var fields = roles.map { Field($0.rawValue, role: $0, isEmptyWhenAbsent: $0 == .input || $0 == .system) }
    fields += columns.map { Field($0) }
    let dialect = CSVDialect.standard(format, columns: fields.count)
    var header: [UInt8] = []
    for (position, field) in fields.enumerated() {
      if position > 0 { header.append(dialect.delimiter) }
      Array(field.name.utf8).withUnsafeBufferPointer {
        CSVTemplate.appendCell($0, .needed, dialect.delimiter, to: &header)
      }
    }
    header.append(0x0A)
    return Layout(
      format: format, prefix: header, separator: [0x0A], suffix: [0x0A], fields: fields, dialect: dialect.json
    )
  }
}

extension CSVDialect {
  /// The dialect of a file that none was inferred from: RFC 4180, or the same with tabs.
  static func standard(_ format: Format, columns: Int) -> CSVDialect {
    CSVDialect(
      delimiter: format == .tsv ? UInt8(ascii: "\t") : UInt8(ascii: ","),
      quoting: Array(repeating: .needed, count: columns))
  }
}
