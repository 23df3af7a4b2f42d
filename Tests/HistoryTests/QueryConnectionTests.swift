import GRDB
import Records
import Testing

@testable import History

@Suite struct QueryConnectionTests {
  @Test func readsOnlyTheColumnsAndRowsAskedFor() throws {
    let table = NumbersTable(count: 1_000)
    let connection = try QueryConnection.with(table)
    #expect(try connection.all("SELECT count(*) FROM numbers") == [[.integer(1_000)]])
    #expect(table.columnsRead.isEmpty)
    let before = table.rowsRead
    #expect(try connection.all("SELECT name FROM numbers WHERE number BETWEEN 500 AND 501").count == 2)
    #expect(table.rowsRead - before == 3)
    #expect(table.columnsRead == ["name", "number"])
    let again = table.rowsRead
    #expect(try connection.all("SELECT name FROM numbers ORDER BY number LIMIT 3").last == [.string("n3")])
    #expect(table.rowsRead - again <= 4, "a sort of rows that come in order")
  }

  /// The same questions put to a table of SQLite's own.
  @Test(arguments: 0..<8) func answersAsATableOfSQLiteDoes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count = 60
    let connection = try QueryConnection.with(NumbersTable(count: count))
    let queue = try DatabaseQueue()
    try queue.write { database in
      try database.execute(sql: "CREATE TABLE numbers(number INTEGER PRIMARY KEY, name TEXT, third)")
      for number in 1...count {
        try database.execute(
          sql: "INSERT INTO numbers VALUES (?, ?, ?)",
          arguments: [number, "n\(number)", number % 3 == 0 ? Double(number) / 2 : nil])
      }
    }
    func term() -> String {
      let number = Int.random(in: -2...count + 2, using: &random)
      let comparison = ["=", "<", "<=", ">", ">=", "<>", "IS"].randomElement(using: &random) ?? "="
      switch Int.random(in: 0..<8, using: &random) {
      case 0: return "a.number \(comparison) \(number)"
      case 1: return "\(number) \(comparison) a.number"
      case 2: return "a.rowid \(comparison) \(number)"
      case 3: return "a.name \(comparison) 'n\(number)'"
      case 4: return "a.third \(comparison) \(Double(number) / 2)"
      case 5: return "a.number IN (\(number), \(number + 1), 7)"
      case 6: return "a.name LIKE 'n\(number)%'"
      default: return "a.number \(comparison) b.number + \(number)"
      }
    }
    for _ in 0..<60 {
      let joint = Bool.random(using: &random) ? "AND" : "OR"
      let terms = (0..<Int.random(in: 1...3, using: &random)).map { _ in term() }.joined(
        separator: " \(joint) ")
      let order = ["a.number, b.number", "a.name, b.number", "b.number DESC, a.number"].randomElement(
        using: &random)
      let sql = """
        SELECT a.number, a.name, a.third, b.name FROM numbers AS a JOIN numbers AS b ON b.number % 20 = 3 \
        WHERE \(terms) ORDER BY \(order ?? "1") LIMIT \(Int.random(in: 1...40, using: &random))
        """
      let expected = try queue.read { database in
        try Row.fetchAll(database, sql: sql).map { row in
          (0..<row.count).map { place -> QueryValue in
            switch (row[place] as DatabaseValue).storage {
            case .null: .null
            case .int64(let number): .integer(number)
            case .double(let number): .real(number)
            case .string(let text): .string(text)
            case .blob(let data): .blob(Array(data))
            }
          }
        }
      }
      #expect(try connection.all(sql) == expected, "\(sql)")
    }
  }

  @Test func takesParametersLikeAFunction() throws {
    let connection = try QueryConnection.with(NumbersTable(count: 100))
    #expect(try connection.all("SELECT count(*) FROM numbers(7)") == [[.integer(7)]])
    #expect(
      try connection.all("SELECT a.number, count(*) FROM numbers(3) AS a, numbers(a.number) GROUP BY 1")
        == [[.integer(1), .integer(1)], [.integer(2), .integer(2)], [.integer(3), .integer(3)]])
    #expect(
      try connection.prepare("SELECT * FROM numbers").columns.map(\.name) == ["number", "name", "third"])
  }

  @Test func stopsWhenTheTimeIsOver() throws {
    nonisolated(unsafe) var now = 0.0
    let connection = try QueryConnection.with(NumbersTable(count: 10), limit: 5) {
      now += 0.001
      return now
    }
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    #expect(throws: QueryError.timeIsOver(seconds: 5)) { try connection.all(endless) }
    // The time belongs to the connection: it stays over.
    #expect(throws: QueryError.timeIsOver(seconds: 5)) { try connection.all(endless) }
  }

  @Test func doesNotCountTheReadersTime() throws {
    nonisolated(unsafe) var now = 0.0
    let connection = try QueryConnection.with(NumbersTable(count: 5_000), limit: 5) { now }
    let statement = try connection.prepare("SELECT name FROM numbers")
    var rows = 0
    while try statement.step() {
      rows += 1
      now += 100
    }
    #expect(rows == 5_000)
  }

  @Test func throwsWhatATableThrows() throws {
    struct Broken: Error {}
    let table = NumbersTable(count: 10)
    table.failure = Broken()
    let connection = try QueryConnection.with(table)
    #expect(throws: Broken.self) { try connection.all("SELECT name FROM numbers") }
    table.failure = nil
    #expect(try connection.all("SELECT count(name) FROM numbers") == [[.integer(10)]])
  }

  @Test(arguments: [
    ("", QueryError.empty), ("  -- nothing", .empty), (";", .empty),
    ("SELECT 1; SELECT 2", .severalStatements(offset: 9)),
    ("SELECT ?", .parameters), ("SELECT :a", .parameters),
    ("SELECT nam FROM numbers", .unknownColumn("nam", offset: 7)),
    ("SELECT a.x FROM numbers a", .unknownColumn("a.x", offset: 7)),
    ("SELECT * FROM number", .unknownTable("number", offset: nil)),
    ("SELECT none(1)", .unknownFunction("none", offset: 7)),
  ])
  func saysWhatIsWrong(text: String, error: QueryError) throws {
    let connection = try QueryConnection.with(NumbersTable(count: 1))
    #expect(throws: error) { try connection.all(text) }
  }

  @Test func refusesLongAndOddTexts() throws {
    let connection = try QueryConnection.with(NumbersTable(count: 1))
    for text in [
      "SELECT '" + String(repeating: "x", count: 1_000_000) + "'", "SELECT 1\0", "SELECT 'a\0b'",
      "SELECT " + String(repeating: "(", count: 5_000),
      "SELECT " + String(repeating: "-", count: 300_000) + "1",
      "SELECT " + Array(repeating: "1", count: 2_000).joined(separator: "+"),
      Array(repeating: "SELECT 1", count: 200).joined(separator: " UNION ALL "),
    ] {
      #expect(throws: QueryError.self, "\(text.prefix(20))") { try connection.all(text) }
    }
  }

  @Test func keepsValuesAsTheyAre() throws {
    let connection = try QueryConnection.with(NumbersTable(count: 1))
    let values = try connection.all(
      "SELECT -9223372036854775808, 1.5, '', x'', x'00ff', NULL, 'a' || char(0) || 'b', 'ä', 9e999")
    #expect(
      values == [
        [
          .integer(.min), .real(1.5), .text([]), .blob([]), .blob([0, 255]), .null, .text([97, 0, 98]),
          .string("ä"),
          .real(.infinity),
        ]
      ])
  }
}
