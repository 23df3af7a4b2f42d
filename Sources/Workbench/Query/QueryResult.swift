import History

/// A value of a query's result.
public enum QueryCell: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  init(_ value: QueryValue) {
    switch value {
    case .null: self = .null
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .real(number)
    // SQL can cut a character in two; the pieces are shown as U+FFFD.
    case .text(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
    case .blob(let bytes): self = .blob(bytes)
    }
  }
}

/// What is known of a result before its first row.
public struct QueryHead: Sendable {
  /// The version asked.
  public var commit: CommitSummary
  /// Names of the columns, in order. Two may be equal.
  public var columns: [String]
}

/// How a query ended.
public struct QueryResult: Sendable {
  /// Rows given out.
  public var rows: Int
  /// Whether there were more than the limit allowed.
  public var isTruncated: Bool
}
