import GRDBSQLite

/// What a query may do: read the tables that were registered, and call functions that only compute. Everything
/// that is not named here is refused, so that what a newer SQLite can do is refused too.
///
/// Source: <https://www.sqlite.org/c3ref/c_alter_table.html>, <https://www.sqlite.org/lang_corefunc.html>.
struct QueryAuthorizer {
  /// Tables of SQLite that only take their arguments apart.
  static let ownTables: Set<String> = ["json_each", "json_tree"]

  /// Functions that compute a value from their arguments (and `random`, for samples), in lower case.
  static let functions: Set<String> = {
    let core = """
      abs char coalesce format glob hex ifnull iif instr length like likelihood likely lower ltrim max min nullif \
      printf quote random replace round rtrim sign soundex substr substring trim typeof unicode unlikely upper
      """
    let aggregates = "avg count group_concat string_agg sum total"
    let windows = """
      row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
      """
    let times = "date time datetime julianday strftime unixepoch current_date current_time current_timestamp"
    let json = """
      -> ->> json json_array json_array_length json_extract json_group_array json_group_object json_insert \
      json_object json_patch json_quote json_remove json_replace json_set json_type json_valid
      """
    let mathematics = """
      acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod pi pow \
      power radians sin sinh sqrt tan tanh trunc
      """
    return Set(
      [core, aggregates, windows, times, json, mathematics].flatMap {
        $0.split(separator: " ").map(String.init)
      })
  }()

  /// The tables that may be read, in lower case.
  var tables: Set<String> = ownTables
  /// Tables that any SQLite has without their being created, such as `pragma_table_info`; not those of ``tables``.
  var foreignTables: Set<String> = []

  /// Nil when the action is allowed, or what it is, to a user.
  func refusal(_ action: Int32, _ first: String, _ second: String) -> String? {
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE: return nil
    case SQLITE_READ:
      let table = first.lowercased()
      if tables.contains(table) { return nil }
      // A name without a column is that of a subquery or a common table expression: nothing of it is read as such.
      if second.isEmpty, !foreignTables.contains(table), !table.hasPrefix("sqlite_") { return nil }
      return "the table `\(first)`"
    case SQLITE_FUNCTION:
      return Self.functions.contains(second.lowercased()) ? nil : "the function `\(second)`"
    // Also how a table of SQLite's own begins that was not made ready.
    case SQLITE_INSERT where first.hasPrefix("sqlite_"), SQLITE_UPDATE where first.hasPrefix("sqlite_"):
      return "changing the schema, or reading what is no view,"
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE: return "changing data"
    case SQLITE_PRAGMA: return "PRAGMA"
    case SQLITE_ATTACH: return "ATTACH"
    case SQLITE_DETACH: return "DETACH"
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return "a transaction"
    case SQLITE_ANALYZE, SQLITE_REINDEX: return "maintenance"
    default: return "changing the schema"
    }
  }
}
