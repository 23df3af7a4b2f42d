/// A value of a query, of SQLite's five storage classes.
public enum QueryValue: Equatable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  /// UTF-8, as a rule; SQL can also make text that is not.
  case text([UInt8])
  case blob([UInt8])

  /// A text.
  public static func string(_ text: some StringProtocol) -> QueryValue { .text(Array(text.utf8)) }

  /// A text, or null.
  public static func optional(_ text: String?) -> QueryValue { text.map { .string($0) } ?? .null }

  /// A whole number, or null.
  public static func optional(_ number: Int?) -> QueryValue { number.map { .integer(Int64($0)) } ?? .null }

  /// A whole number.
  public static func count(_ number: Int) -> QueryValue { .integer(Int64(number)) }
}
