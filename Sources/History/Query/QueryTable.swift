/// One column of a table that queries can read.
public struct QueryColumn: Sendable {
  /// What the values are.
  public enum Kind: String, Sendable {
    case text = "TEXT"
    case integer = "INTEGER"
    case real = "REAL"
    /// Values of several types, as a user's columns have them.
    case any = "ANY"
    /// Record ids, compared as ``QueryCollation`` says.
    case record = "RECORD TEXT"
    /// Object ids, likewise.
    case object = "OBJECT TEXT"
    /// Commit ids, likewise.
    case commit = "REVISION TEXT"

    /// The rule that compares values of this kind; nil for SQLite's own.
    var collation: String? {
      switch self {
      case .record: "RECORD"
      case .object: "OBJECT"
      case .commit: "REVISION"
      default: nil
      }
    }

    /// The type as the column is declared; a column without one keeps every value as it is.
    var declared: String { self == .any ? "" : rawValue }
  }

  /// Its name.
  public let name: String
  /// What its values are.
  public let kind: Kind
  /// What it says, in a clause: the help and the documents are made of this.
  public let meaning: String
  /// Whether it is a parameter, as in `records('v1')`: hidden from `SELECT *`.
  public let isParameter: Bool

  /// A column.
  public init(_ name: String, _ kind: Kind, _ meaning: String, isParameter: Bool = false) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
    self.isParameter = isParameter
  }
}

/// A comparison of a column with a value, given to a table so that it reads only rows that may satisfy it. SQLite
/// compares again, so a table may return more rows than asked for, but never fewer.
public struct QueryConstraint: Sendable {
  /// The comparisons.
  public enum Comparison: Hashable, Sendable {
    case equal, less, lessOrEqual, greater, greaterOrEqual
  }

  /// The column's place among the table's columns.
  public let column: Int
  /// How it is compared.
  public let comparison: Comparison
  /// What it is compared with.
  public let value: QueryValue
}

/// A comparison that a query has, whose value is not known yet.
public struct QueryLookup: Hashable, Sendable {
  /// The column's place among the table's columns.
  public let column: Int
  /// How it is compared.
  public let comparison: QueryConstraint.Comparison
}

/// A source of rows for queries: read lazily, column by column, and only when a query asks.
///
/// Used on one thread.
public protocol QueryTable: AnyObject {
  /// The table's name.
  var name: String { get }
  /// Its columns; parameters last.
  var columns: [QueryColumn] { get }
  /// The column in whose ascending order the rows come, when there is one.
  var order: Int? { get }
  /// Whether a comparison saves reading rows.
  func uses(_ lookup: QueryLookup) -> Bool
  /// About how many rows are read when the query has these comparisons.
  func estimate(_ lookups: [QueryLookup]) -> Double
  /// The rows that may satisfy the constraints, which are among those that ``uses(_:)`` accepts, and parameters.
  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan
}

extension QueryTable {
  /// The rows are in no column's order, unless a table says so.
  public var order: Int? { nil }
}

/// A walk over rows of a table. It begins before the first row.
public protocol QueryScan: AnyObject {
  /// Goes to the next row; false at the end.
  func advance() throws -> Bool
  /// A value of the current row. Reads only what it needs.
  func value(_ column: Int) throws -> QueryValue
  /// A number that no other row of the table has, whatever walk or parameters it is reached by: SQLite knows by it
  /// which rows it had already when it looks for the alternatives of an OR one by one. Seldom asked for.
  func rowID() throws -> Int64
}

/// Row numbers made of a part, such as the version that a parameter names, a place in it from 0 and a place below.
public enum QueryRowID {
  /// The number of a row.
  ///
  /// - Throws: ``QueryError/failed(_:)`` beyond a million parts, 2^31 places or 4,096 places below.
  public static func number(part: Int = 0, place: Int, below: Int = 0) throws -> Int64 {
    guard (0..<1 << 20).contains(part), (0..<1 << 31).contains(place), (0..<1 << 12).contains(below) else {
      throw QueryError.failed("a view has more rows than can be told apart")
    }
    return Int64(part) << 43 | Int64(place) << 12 | Int64(below)
  }
}

/// How values of a kind are compared when SQLite's own rule does not know that two spellings are one id.
public struct QueryCollation {
  /// Returns below 0, 0 or above 0 as `left` comes before, equals or comes after `right`. Must be an order: values
  /// that are equal to the same value are equal.
  public typealias Compare = (_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int

  /// The kind it is for.
  public let kind: QueryColumn.Kind
  let compare: Compare

  /// A rule for a kind of ids.
  public init(_ kind: QueryColumn.Kind, compare: @escaping Compare) {
    self.kind = kind
    self.compare = compare
  }
}
