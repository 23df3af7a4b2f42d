import GRDBSQLite

/// A column of a result.
public struct QueryResultColumn: Sendable {
  /// Its name, as the query says.
  public let name: String
  /// What its values are, when they come from a column as they are; nil when they are computed.
  public let kind: QueryColumn.Kind?
}

/// A prepared query, read row by row.
public final class QueryStatement {
  /// The columns of the result.
  public let columns: [QueryResultColumn]
  private let statement: OpaquePointer
  private let connection: QueryConnection

  init(_ handle: OpaquePointer, _ text: String, _ connection: QueryConnection) throws {
    self.connection = connection
    var text = text
    let (prepared, rest) = try text.withUTF8 { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { bytes in
        var prepared: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v2(handle, bytes.baseAddress, Int32(bytes.count), &prepared, &tail)
        guard code == SQLITE_OK else { throw connection.error(code) }
        guard let prepared else { throw QueryError.empty }
        let end = tail.flatMap { tail in bytes.baseAddress.map { tail - $0 } } ?? bytes.count
        // A comment may follow, which SQLite prepares to nothing.
        var second: OpaquePointer?
        let more = bytes.baseAddress.map { $0 + end }
        let secondCode = sqlite3_prepare_v2(handle, more, Int32(bytes.count - end), &second, nil)
        sqlite3_finalize(second)
        return (prepared, secondCode != SQLITE_OK || second != nil ? end : nil)
      }
    }
    statement = prepared
    columns = (0..<sqlite3_column_count(prepared)).map { position in
      QueryResultColumn(
        name: sqlite3_column_name(prepared, position).map { String(cString: $0) } ?? "",
        kind: sqlite3_column_decltype(prepared, position).flatMap {
          QueryColumn.Kind(rawValue: String(cString: $0))
        })
    }
    if let rest { throw QueryError.severalStatements(offset: rest) }
    guard sqlite3_stmt_readonly(prepared) != 0, !columns.isEmpty else {
      throw QueryError.refused("what does not give rows")
    }
    guard sqlite3_bind_parameter_count(prepared) == 0 else { throw QueryError.parameters }
  }

  deinit { sqlite3_finalize(statement) }

  /// Goes to the next row; false at the end.
  ///
  /// - Throws: ``QueryError``, and what the tables throw.
  public func step() throws -> Bool {
    let code = connection.watch.working { sqlite3_step(statement) }
    if let failure = connection.failures.take() { throw failure }
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.error(code)
    }
  }

  /// A value of the current row.
  public func value(_ column: Int) -> QueryValue {
    let column = Int32(column)
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      let text = sqlite3_column_text(statement, column)
      return .text(
        Array(UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))))
    case SQLITE_BLOB:
      let blob = sqlite3_column_blob(statement, column)
      return .blob(
        Array(UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(statement, column)))))
    default: return .null
    }
  }
}
