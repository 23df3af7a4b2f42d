import GRDBSQLite

/// Gives a ``QueryTable`` to SQLite as an eponymous virtual table: one that exists by its name, without a schema,
/// and whose parameters can be given in parentheses.
///
/// SQLite calls C functions with the pointers it was given; they find this object again through ``Instance`` and
/// ``Cursor``. Source: <https://www.sqlite.org/vtab.html>.
final class VirtualTable {
  /// What SQLite holds as the table; the first member is SQLite's own.
  private struct Instance {
    var base: sqlite3_vtab
    var table: Unmanaged<VirtualTable>
  }

  /// What SQLite holds as a walk over rows.
  private struct Cursor {
    var base: sqlite3_vtab_cursor
    var walk: Unmanaged<Walk>
  }

  private final class Walk {
    var scan: (any QueryScan)?
    var isAtEnd = true
  }

  private let table: any QueryTable
  private let failures: QueryFailures
  private let module: UnsafeMutablePointer<sqlite3_module>
  /// The sets of lookups that SQLite was offered; it names one by its place here.
  private var plans: [[QueryLookup]] = []

  init(_ table: any QueryTable, failures: QueryFailures) {
    self.table = table
    self.failures = failures
    module = .allocate(capacity: 1)
    module.initialize(to: Self.callbacks)
  }

  deinit { module.deallocate() }

  /// Makes the table known to a connection, in place of an earlier one of its name. SQLite keeps it alive.
  func register(in connection: OpaquePointer) -> Int32 {
    sqlite3_create_module_v2(connection, table.name, module, Unmanaged.passRetained(self).toOpaque()) {
      pointer in
      if let pointer { Unmanaged<VirtualTable>.fromOpaque(pointer).release() }
    }
  }

  /// A name between double quotes. Taken byte by byte: to a `String` a quote with an accent is another character.
  private static func quoted(_ name: String) -> String {
    let quote = UInt8(ascii: "\"")
    return String(
      decoding: [quote] + name.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote], as: UTF8.self)
  }

  private func declare(to connection: OpaquePointer?) -> Int32 {
    failures.isDeclaring = true
    defer { failures.isDeclaring = false }
    return sqlite3_declare_vtab(connection, declaration)
  }

  private var declaration: String {
    let columns = table.columns.map { column in
      var text = "\(Self.quoted(column.name)) \(column.kind.declared)"
      if column.isParameter { text += " HIDDEN" }
      if let collation = column.kind.collation { text += " COLLATE \(collation)" }
      return text
    }
    return "CREATE TABLE x(\(columns.joined(separator: ", ")))"
  }

  // MARK: Planning

  /// Chooses which of the query's comparisons the table is to be given.
  private func plan(_ info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
    var lookups: [QueryLookup] = []
    let columns = table.columns
    for position in 0..<Int(info.pointee.nConstraint) {
      let constraint = info.pointee.aConstraint[position]
      guard let comparison = Self.comparison(constraint.op) else { continue }
      let column = Int(constraint.iColumn)
      guard columns.indices.contains(column) else { continue }
      let isParameter = columns[column].isParameter
      if isParameter, constraint.usable == 0 {
        // The value comes from a table that is read later in this order of tables: another order is needed.
        if comparison == .equal { return SQLITE_CONSTRAINT }
        continue
      }
      let lookup = QueryLookup(column: column, comparison: comparison)
      guard constraint.usable != 0, !lookups.contains(lookup),
        isParameter ? comparison == .equal : table.uses(lookup),
        hasOwnCollation(info, position, columns[column])
      else { continue }
      lookups.append(lookup)
      info.pointee.aConstraintUsage[position].argvIndex = Int32(lookups.count)
      info.pointee.aConstraintUsage[position].omit = isParameter ? 1 : 0
    }
    if let known = plans.firstIndex(of: lookups) {
      info.pointee.idxNum = Int32(known)
    } else {
      info.pointee.idxNum = Int32(plans.count)
      plans.append(lookups)
    }
    describe(lookups, to: info)
    let rows = max(1, table.estimate(lookups))
    info.pointee.estimatedCost = rows
    info.pointee.estimatedRows = Int64(min(rows, 1e15))
    if let column = table.order, info.pointee.nOrderBy == 1 {
      let order = info.pointee.aOrderBy[0]
      if Int(order.iColumn) == column, order.desc == 0 { info.pointee.orderByConsumed = 1 }
    }
    return SQLITE_OK
  }

  /// What EXPLAIN QUERY PLAN shows of a plan: the columns that are looked up.
  private func describe(_ lookups: [QueryLookup], to info: UnsafeMutablePointer<sqlite3_index_info>) {
    let text = lookups.map { table.columns[$0.column].name }.joined(separator: ", ")
    let bytes = Array((text.isEmpty ? "all" : text).utf8) + [0]
    guard let copy = sqlite3_malloc64(UInt64(bytes.count)) else { return }
    copy.copyMemory(from: bytes, byteCount: bytes.count)
    info.pointee.idxStr = copy.assumingMemoryBound(to: CChar.self)
    info.pointee.needToFreeIdxStr = 1
  }

  private func hasOwnCollation(
    _ info: UnsafeMutablePointer<sqlite3_index_info>, _ position: Int, _ column: QueryColumn
  ) -> Bool {
    if column.kind == .integer || column.kind == .real { return true }
    guard let name = sqlite3_vtab_collation(info, Int32(position)) else { return false }
    return String(cString: name).uppercased() == (column.kind.collation ?? "BINARY")
  }

  private static func comparison(_ code: UInt8) -> QueryConstraint.Comparison? {
    switch Int32(code) {
    case SQLITE_INDEX_CONSTRAINT_EQ: .equal
    case SQLITE_INDEX_CONSTRAINT_LT: .less
    case SQLITE_INDEX_CONSTRAINT_LE: .lessOrEqual
    case SQLITE_INDEX_CONSTRAINT_GT: .greater
    case SQLITE_INDEX_CONSTRAINT_GE: .greaterOrEqual
    default: nil
    }
  }

  // MARK: Reading

  private func begin(_ walk: Walk, plan: Int, _ values: [QueryValue]) -> Int32 {
    attempt {
      guard plans.indices.contains(plan), plans[plan].count == values.count else {
        throw QueryError.failed("a plan was lost")
      }
      let constraints = zip(plans[plan], values).map {
        QueryConstraint(column: $0.column, comparison: $0.comparison, value: $1)
      }
      let scan = try table.scan(constraints)
      walk.scan = scan
      walk.isAtEnd = try !scan.advance()
    }
  }

  private func advance(_ walk: Walk) -> Int32 {
    attempt {
      guard let scan = walk.scan else { return }
      walk.isAtEnd = try !scan.advance()
    }
  }

  private func attempt(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return SQLITE_OK
    } catch {
      failures.note(error)
      return SQLITE_ERROR
    }
  }
}

// MARK: - What SQLite calls

extension VirtualTable {
  private static func table(_ pointer: UnsafeMutablePointer<sqlite3_vtab>?) -> VirtualTable? {
    pointer.map {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: Instance.self).pointee.table.takeUnretainedValue()
    }
  }

  private static func walk(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Walk? {
    pointer.map {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: Cursor.self).pointee.walk.takeUnretainedValue()
    }
  }

  /// A call that a walk and its table answer.
  private static func walking(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ body: (VirtualTable, Walk) -> Int32
  ) -> Int32 {
    guard let table = table(pointer?.pointee.pVtab), let walk = walk(pointer) else { return SQLITE_MISUSE }
    return body(table, walk)
  }

  /// A call that the current row of a walk answers.
  private static func reading(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ body: (any QueryScan) throws -> Void
  ) -> Int32 {
    walking(pointer) { table, walk in
      guard let scan = walk.scan else { return SQLITE_MISUSE }
      return table.attempt { try body(scan) }
    }
  }

  private static var callbacks: sqlite3_module {
    var module = sqlite3_module()
    module.iVersion = 1
    // Without xCreate the table is eponymous only: no statement can create one.
    module.xConnect = { connection, pointer, _, _, result, _ in
      guard let pointer, let result else { return SQLITE_MISUSE }
      let table = Unmanaged<VirtualTable>.fromOpaque(pointer)
      let code = table.takeUnretainedValue().declare(to: connection)
      guard code == SQLITE_OK else { return code }
      let instance = UnsafeMutablePointer<Instance>.allocate(capacity: 1)
      instance.initialize(to: Instance(base: sqlite3_vtab(), table: table.retain()))
      result.pointee = UnsafeMutableRawPointer(instance).assumingMemoryBound(to: sqlite3_vtab.self)
      return SQLITE_OK
    }
    module.xDisconnect = { pointer in
      guard let pointer else { return SQLITE_OK }
      let instance = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Instance.self)
      instance.pointee.table.release()
      instance.deinitialize(count: 1).deallocate()
      return SQLITE_OK
    }
    module.xBestIndex = { pointer, info in
      guard let table = VirtualTable.table(pointer), let info else { return SQLITE_MISUSE }
      return table.plan(info)
    }
    module.xOpen = { _, result in
      let cursor = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
      cursor.initialize(to: Cursor(base: sqlite3_vtab_cursor(), walk: Unmanaged.passRetained(Walk())))
      result?.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }
    module.xClose = { pointer in
      guard let pointer else { return SQLITE_OK }
      let cursor = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Cursor.self)
      cursor.pointee.walk.release()
      cursor.deinitialize(count: 1).deallocate()
      return SQLITE_OK
    }
    module.xFilter = { pointer, plan, _, count, values in
      VirtualTable.walking(pointer) { table, walk in
        table.begin(walk, plan: Int(plan), (0..<Int(count)).map { QueryValue(sqlite: values?[$0]) })
      }
    }
    module.xNext = { pointer in VirtualTable.walking(pointer) { table, walk in table.advance(walk) } }
    module.xEof = { pointer in VirtualTable.walk(pointer)?.isAtEnd == false ? 0 : 1 }
    module.xColumn = { pointer, context, column in
      VirtualTable.reading(pointer) { try $0.value(Int(column)).give(to: context) }
    }
    module.xRowid = { pointer, result in
      VirtualTable.reading(pointer) { result?.pointee = try $0.rowID() }
    }
    return module
  }
}

extension QueryValue {
  /// A value that SQLite holds.
  init(sqlite value: OpaquePointer?) {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: self = .integer(sqlite3_value_int64(value))
    case SQLITE_FLOAT: self = .real(sqlite3_value_double(value))
    case SQLITE_TEXT:
      let text = sqlite3_value_text(value)
      self = .text(Array(UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(value)))))
    case SQLITE_BLOB:
      let bytes = sqlite3_value_blob(value)
      self = .blob(Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(value)))))
    default: self = .null
    }
  }

  /// Hands the value to SQLite as the result of a call.
  func give(to context: OpaquePointer?) {
    switch self {
    case .null: sqlite3_result_null(context)
    case .integer(let number): sqlite3_result_int64(context, number)
    case .real(let number): sqlite3_result_double(context, number)
    case .text(let bytes):
      bytes.withUnsafeBytes {
        sqlite3_result_text64(
          context, $0.baseAddress?.assumingMemoryBound(to: CChar.self) ?? Self.nothing, UInt64($0.count),
          Self.copied, UInt8(SQLITE_UTF8))
      }
    case .blob(let bytes):
      bytes.withUnsafeBytes {
        sqlite3_result_blob64(
          context, $0.baseAddress ?? UnsafeRawPointer(Self.nothing), UInt64($0.count), Self.copied)
      }
    }
  }

  /// `SQLITE_TRANSIENT`: SQLite copies the bytes before the call returns.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// An address for text without a byte, which is not the absence of text.
  private static var nothing: UnsafePointer<CChar> {
    let empty: StaticString = ""
    return UnsafeRawPointer(empty.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
