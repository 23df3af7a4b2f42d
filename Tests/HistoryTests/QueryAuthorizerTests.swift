import Testing

@testable import History

/// Every statement that could do more than read is refused, whatever way it takes.
@Suite struct QueryAuthorizerTests {
  static let forbidden = [
    // Changing rows.
    "INSERT INTO numbers VALUES (1, 'x')", "INSERT INTO numbers SELECT * FROM numbers",
    "REPLACE INTO numbers VALUES (1, 'x')", "UPDATE numbers SET name = 'x'", "DELETE FROM numbers",
    "DELETE FROM numbers RETURNING *", "UPDATE numbers SET name = 'x' RETURNING name",
    "WITH x AS (SELECT 1) DELETE FROM numbers",
    "WITH x(a) AS (SELECT 1) INSERT INTO numbers SELECT a, a FROM x",
    "INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 1, '')", "UPDATE sqlite_schema SET sql = ''",
    "DELETE FROM sqlite_temp_master", "INSERT INTO json_each VALUES (1)",
    // Changing the schema.
    "CREATE TABLE x(y)", "CREATE TEMP TABLE x(y)", "CREATE TABLE x AS SELECT 1 AS y",
    "CREATE VIEW x AS SELECT 1", "CREATE TEMP VIEW x AS SELECT 1", "CREATE INDEX x ON numbers(name)",
    "CREATE VIRTUAL TABLE x USING fts5(y)", "CREATE VIRTUAL TABLE x USING numbers",
    "CREATE VIRTUAL TABLE temp.x USING dbstat",
    "CREATE TRIGGER x AFTER INSERT ON numbers BEGIN SELECT 1; END",
    "DROP TABLE numbers", "DROP VIEW numbers", "DROP TABLE IF EXISTS json_each",
    "ALTER TABLE numbers RENAME TO x",
    "ALTER TABLE numbers ADD COLUMN x",
    // Files, settings, transactions, maintenance.
    "ATTACH '/tmp/mdata-query-test.db' AS x", "ATTACH ':memory:' AS x", "ATTACH '' AS x", "DETACH main",
    "VACUUM", "VACUUM INTO '/tmp/mdata-query-test.db'", "PRAGMA writable_schema = 1",
    "PRAGMA table_info(numbers)",
    "PRAGMA database_list", "PRAGMA trusted_schema = ON", "PRAGMA temp_store_directory = '/'",
    "PRAGMA hard_heap_limit = 0", "PRAGMA journal_mode", "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END",
    "ROLLBACK",
    "SAVEPOINT x", "RELEASE x", "ANALYZE", "ANALYZE main", "REINDEX",
    // Functions that do more than compute, or say what is no query's business.
    "SELECT load_extension('/tmp/x.so')", "SELECT load_extension('x', 'y')", "SELECT sqlite_version()",
    "SELECT sqlite_source_id()", "SELECT sqlite_compileoption_used('x')", "SELECT last_insert_rowid()",
    "SELECT changes()", "SELECT total_changes()", "SELECT randomblob(10)", "SELECT zeroblob(10)",
    "SELECT fts5_source_id()", "SELECT sqlite_log(1, 'x')",
    "SELECT name FROM numbers WHERE load_extension('x')",
    "SELECT (SELECT load_extension('x'))", "WITH x AS (SELECT load_extension('x')) SELECT * FROM x",
    "VALUES (load_extension('x'))", "SELECT count(*) FROM numbers HAVING changes()",
    // Tables that are not ours.
    "SELECT * FROM sqlite_master", "SELECT count(*) FROM sqlite_master", "SELECT name FROM sqlite_schema",
    "SELECT * FROM sqlite_temp_master", "SELECT * FROM pragma_table_info('numbers')",
    "SELECT count(*) FROM pragma_database_list", "SELECT * FROM pragma_function_list",
    "SELECT * FROM pragma_compile_options", "SELECT * FROM pragma_module_list", "SELECT * FROM dbstat",
    "SELECT count(*) FROM dbstat", "SELECT * FROM main.sqlite_master", "EXPLAIN DELETE FROM numbers",
    "EXPLAIN QUERY PLAN UPDATE numbers SET name = 1", "EXPLAIN PRAGMA table_info(numbers)",
  ]

  @Test(arguments: forbidden) func isRefused(statement: String) throws {
    let table = NumbersTable(count: 10)
    let connection = try QueryConnection.with(table)
    let error = #expect(throws: QueryError.self) {
      let statement = try connection.prepare(statement)
      while try statement.step() {}
    }
    switch error {
    case .refused, .unknownTable, .unknownFunction, .syntax: break
    case let other: Issue.record("\(statement): \(other.map { "\($0)" } ?? "no error")")
    }
    // Nothing it tried changed what a query sees afterwards.
    #expect(try connection.all("SELECT count(*), min(name) FROM numbers") == [[.integer(10), .string("n1")]])
    #expect(table.columnsRead.isSubset(of: ["name"]))
  }

  static let allowed = [
    "SELECT 1", "VALUES (1), (2)", "WITH x(a) AS (SELECT 1) SELECT count(*) FROM x",
    "SELECT random() IS NOT NULL",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n",
    "SELECT value FROM json_each('[1,2]')", "SELECT json_extract('{\"a\":1}', '$.a')",
    "SELECT '{\"a\":1}' ->> 'a'",
    "SELECT count(*) FROM (SELECT 1)", "SELECT name FROM numbers UNION SELECT 'x'",
    "SELECT upper(name) FROM numbers",
    "SELECT row_number() OVER (ORDER BY number) FROM numbers", "SELECT group_concat(name) FROM numbers",
    "SELECT * FROM numbers AS a JOIN numbers AS b USING (number)", "EXPLAIN SELECT * FROM numbers",
    "EXPLAIN QUERY PLAN SELECT * FROM numbers", "SELECT date('2026-01-01'), strftime('%Y', 0, 'unixepoch')",
    "SELECT sqrt(4), round(1.5), printf('%d', 3), total(1)",
    "SELECT name LIKE 'n%', name GLOB 'n*' FROM numbers",
    "SELECT CASE WHEN 1 THEN 2 END, CAST('1' AS INTEGER), 1 IN (1, 2), 1 BETWEEN 0 AND 2;  -- a comment",
  ]

  @Test(arguments: allowed) func isAllowed(query: String) throws {
    let connection = try QueryConnection.with(NumbersTable(count: 10))
    #expect(try !connection.all(query).isEmpty)
  }

  @Test func doubleQuotesAreNamesAndNeverTexts() throws {
    let connection = try QueryConnection.with(NumbersTable(count: 1))
    #expect(throws: QueryError.unknownColumn("x", offset: 7)) {
      try connection.all("SELECT \"x\" FROM numbers")
    }
  }
}
