@testable import History

/// A table of numbers from 1 and their names, which notes what it was asked for.
final class NumbersTable: QueryTable {
  let name = "numbers"
  let columns = [
    QueryColumn("number", .integer, "a number"), QueryColumn("name", .text, "its name"),
    QueryColumn("third", .any, "every third number"),
    QueryColumn("most", .integer, "how many", isParameter: true),
  ]
  let order: Int? = 0
  let count: Int
  var failure: (any Error)?
  private(set) var columnsRead: Set<String> = []
  private(set) var rowsRead = 0

  init(count: Int) { self.count = count }

  func uses(_ lookup: QueryLookup) -> Bool {
    lookup.column == 0 || (lookup.column == 1 && lookup.comparison == .equal)
  }

  func estimate(_ lookups: [QueryLookup]) -> Double { lookups.isEmpty ? Double(count) : 1 }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    var (first, last) = (1, count)
    for constraint in constraints {
      guard case .integer(let value) = constraint.value else { continue }
      let bound = Int(clamping: value)
      switch (constraint.column, constraint.comparison) {
      case (3, _): last = min(last, bound)
      case (0, .equal): (first, last) = (max(first, bound), min(last, bound))
      case (0, .greater), (0, .greaterOrEqual): first = max(first, bound)
      case (0, .less), (0, .lessOrEqual): last = min(last, bound)
      default: break
      }
    }
    return Scan(self, first, last)
  }

  private final class Scan: QueryScan {
    private let table: NumbersTable
    private var number: Int
    private let last: Int

    init(_ table: NumbersTable, _ first: Int, _ last: Int) {
      self.table = table
      number = first - 1
      self.last = last
    }

    func advance() throws -> Bool {
      number += 1
      table.rowsRead += 1
      return number <= last
    }

    func rowID() -> Int64 { Int64(number) }

    func value(_ column: Int) throws -> QueryValue {
      if let failure = table.failure { throw failure }
      table.columnsRead.insert(table.columns[column].name)
      switch column {
      case 0: return .count(number)
      case 1: return .string("n\(number)")
      case 2: return number % 3 == 0 ? .real(Double(number) / 2) : .null
      default: return .null
      }
    }
  }
}

extension QueryConnection {
  static func with(
    _ tables: any QueryTable..., limit: Double = 1_000, clock: @escaping () -> Double = { 0 }
  ) throws -> QueryConnection {
    let connection = try QueryConnection(watch: QueryWatch(limit: limit, clock: clock))
    for table in tables { try connection.register(table) }
    return connection
  }

  /// All rows of a query.
  func all(_ text: String) throws -> [[QueryValue]] {
    let statement = try prepare(text)
    var rows: [[QueryValue]] = []
    while try statement.step() { rows.append(statement.columns.indices.map(statement.value)) }
    return rows
  }
}
