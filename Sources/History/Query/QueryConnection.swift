import GRDBSQLite

/// What went wrong inside a table or a comparison, which SQLite can only be told as "error".
public final class QueryFailures {
  private(set) var first: (any Error)?
  /// Whether a table is saying what its columns are, in the form of a statement that is not run.
  var isDeclaring = false

  init() {}

  /// Keeps the first error of a query; it is thrown when the step returns.
  public func note(_ error: any Error) { if first == nil { first = error } }

  func take() -> (any Error)? {
    defer { first = nil }
    return first
  }
}

/// An SQLite connection that can only ask: a database in memory with no file attached and nothing in it, tables that
/// are read from elsewhere, an authorizer that allows reading and computing, lowered limits, a time limit and a
/// memory limit where one is asked for. One thread at a time.
///
/// Sorting and grouping more than fits goes to temporary files, which SQLite deletes as it opens them.
public final class QueryConnection {
  private static let textLimit = 1_000_000

  /// The time that is left.
  public let watch: QueryWatch
  /// Where tables and comparisons leave what went wrong.
  public let failures = QueryFailures()
  private let handle: OpaquePointer
  private var authorizer = QueryAuthorizer()
  private var collations: [Unmanaged<CollationBox>] = []
  private var refusal: String?
  private let memoryLimit: Int?

  /// Opens a connection.
  ///
  /// - Parameter memoryLimit: bytes that the SQLite of the whole process may take from now on: for a process that
  ///   does nothing but one query.
  /// - Throws: ``QueryError/failed(_:)``.
  public init(watch: QueryWatch, memoryLimit: Int? = nil) throws {
    self.watch = watch
    self.memoryLimit = memoryLimit
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(":memory:", &opened, flags, nil) == SQLITE_OK, let opened else {
      sqlite3_close_v2(opened)
      throw QueryError.failed("SQLite cannot open a database in memory")
    }
    handle = opened
    if let memoryLimit { sqlite3_hard_heap_limit64(Int64(memoryLimit)) }
    try configure()
  }

  deinit {
    sqlite3_close_v2(handle)
    for box in collations { box.release() }
  }

  private func configure() throws {
    _disableDoubleQuotedStringLiterals(handle)
    // The sorter keeps as much in memory as the page cache may take.
    // The last statement makes SQLite's own tables ready, which the authorizer would take for a change.
    let preparations = [
      "PRAGMA trusted_schema = OFF", "PRAGMA cache_size = -32768", "PRAGMA temp_store = FILE",
      "SELECT 1 FROM json_each('[]'), json_tree('[]')",
    ]
    for text in preparations {
      guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw QueryError.failed(message) }
    }
    try listForeignTables()
    let limits: [(Int32, Int32)] = [
      (SQLITE_LIMIT_LENGTH, 65 << 20), (SQLITE_LIMIT_SQL_LENGTH, Int32(Self.textLimit)),
      (SQLITE_LIMIT_COLUMN, 500), (SQLITE_LIMIT_EXPR_DEPTH, 200), (SQLITE_LIMIT_COMPOUND_SELECT, 50),
      (SQLITE_LIMIT_VDBE_OP, 250_000), (SQLITE_LIMIT_FUNCTION_ARG, 100), (SQLITE_LIMIT_ATTACHED, 0),
      (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000), (SQLITE_LIMIT_VARIABLE_NUMBER, 100),
      (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]
    for (limit, value) in limits { sqlite3_limit(handle, limit, value) }
    let pointer = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_progress_handler(
      handle, 1_000, { QueryConnection.from($0)?.watch.isOver == true ? 1 : 0 }, pointer)
    sqlite3_set_authorizer(
      handle,
      { pointer, action, first, second, _, _ in
        guard let connection = QueryConnection.from(pointer) else { return SQLITE_DENY }
        return connection.authorize(action, first, second)
      }, pointer)
  }

  private func listForeignTables() throws {
    let statement = try QueryStatement(handle, "SELECT name FROM pragma_module_list", self)
    while try statement.step() {
      if case .text(let name) = statement.value(0) {
        authorizer.foreignTables.insert(String(decoding: name, as: UTF8.self).lowercased())
      }
    }
    authorizer.foreignTables.subtract(QueryAuthorizer.ownTables)
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> QueryConnection? {
    pointer.map { Unmanaged<QueryConnection>.fromOpaque($0).takeUnretainedValue() }
  }

  private func authorize(
    _ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?
  ) -> Int32 {
    if failures.isDeclaring { return SQLITE_OK }
    let what = authorizer.refusal(
      action, first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
    guard let what else { return SQLITE_OK }
    if refusal == nil { refusal = what }
    return SQLITE_DENY
  }

  // MARK: Tables

  /// Makes a table known, in place of an earlier one of its name. No statement may be running.
  public func register(_ table: any QueryTable) throws {
    guard VirtualTable(table, failures: failures).register(in: handle) == SQLITE_OK else {
      throw QueryError.failed(message)
    }
    authorizer.tables.insert(table.name.lowercased())
    authorizer.foreignTables.remove(table.name.lowercased())
  }

  private final class CollationBox {
    let compare: QueryCollation.Compare
    init(_ compare: @escaping QueryCollation.Compare) { self.compare = compare }
  }

  /// Makes a rule of comparison known, which must happen before tables with columns of its kind are read.
  public func register(_ collation: QueryCollation) throws {
    guard let name = collation.kind.collation else { return }
    let box = Unmanaged.passRetained(CollationBox(collation.compare))
    collations.append(box)
    let code = sqlite3_create_collation_v2(
      handle, name, SQLITE_UTF8, box.toOpaque(),
      { pointer, leftCount, left, rightCount, right in
        guard let pointer else { return 0 }
        let order = Unmanaged<CollationBox>.fromOpaque(pointer).takeUnretainedValue().compare(
          UnsafeRawBufferPointer(start: left, count: Int(leftCount)),
          UnsafeRawBufferPointer(start: right, count: Int(rightCount)))
        return order < 0 ? -1 : order > 0 ? 1 : 0
      }, nil)
    guard code == SQLITE_OK else { throw QueryError.failed(message) }
  }

  // MARK: Statements

  /// How statements begin that change something; the authorizer refuses them too, wherever they stand.
  private static let changing: Set<String> = [
    "ALTER", "ANALYZE", "ATTACH", "BEGIN", "COMMIT", "CREATE", "DELETE", "DETACH", "DROP", "END", "INSERT",
    "PRAGMA",
    "REINDEX", "RELEASE", "REPLACE", "ROLLBACK", "SAVEPOINT", "UPDATE", "VACUUM",
  ]

  /// Prepares the one statement of a text.
  ///
  /// - Throws: ``QueryError``.
  public func prepare(_ text: String) throws -> QueryStatement {
    guard text.utf8.count < Self.textLimit else {
      throw QueryError.syntax("it is longer than \(Self.textLimit) bytes", offset: nil)
    }
    if let byte = text.utf8.firstIndex(of: 0) {
      throw QueryError.syntax(
        "it has a zero byte", offset: text.utf8.distance(from: text.startIndex, to: byte))
    }
    let word = text.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
    if Self.changing.contains(word) { throw QueryError.refused(word) }
    refusal = nil
    return try watch.working { try QueryStatement(handle, text, self) }
  }

  var message: String { sqlite3_errmsg(handle).map { String(cString: $0) } ?? "no reason was given" }

  /// What a result code means, with what tables and the authorizer have to say.
  func error(_ code: Int32) -> any Error {
    if let failure = failures.take() { return failure }
    if watch.isOver { return watch.failure }
    let offset = sqlite3_error_offset(handle)
    let place = offset >= 0 ? Int(offset) : nil
    switch code & 0xff {
    case SQLITE_AUTH: return QueryError.refused(refusal ?? "what it asks for")
    case SQLITE_NOMEM: return QueryError.memory(bytes: memoryLimit)
    case SQLITE_INTERRUPT: return watch.failure
    default: break
    }
    // What the authorizer refused inside a table of SQLite's own comes back as that table's error.
    if let refusal { return QueryError.refused(refusal) }
    let message = message
    // "cannot join using column NAME - column not present in both tables"
    if message.hasPrefix(Self.joinPrefix), let end = message.firstRange(of: " - ") {
      let name = message[..<end.lowerBound].dropFirst(Self.joinPrefix.count)
      return QueryError.unknownColumn(String(name), offset: place)
    }
    if message.contains(" may not be ") { return QueryError.refused("changing data") }
    for (prefix, make) in Self.unknown where message.hasPrefix(prefix) {
      return make(String(message.dropFirst(prefix.count)), place)
    }
    return code & 0xff == SQLITE_ERROR && place != nil
      ? QueryError.syntax(message, offset: place) : QueryError.failed(message)
  }

  private static let joinPrefix = "cannot join using column "
  private static let unknown: [(String, @Sendable (String, Int?) -> QueryError)] = [
    ("no such column: ", { .unknownColumn($0, offset: $1) }),
    ("no such table: ", { .unknownTable($0, offset: $1) }),
    ("no such table-valued function: ", { .unknownTable($0, offset: $1) }),
    ("no such function: ", { .unknownFunction($0, offset: $1) }),
  ]
}
