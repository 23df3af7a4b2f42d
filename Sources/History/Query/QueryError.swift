/// Why a query could not be answered.
public enum QueryError: Error, Equatable, CustomStringConvertible {
  /// There is no statement in the text.
  case empty
  /// More than one statement; `offset` is the byte at which the second begins.
  case severalStatements(offset: Int)
  /// The statement has parameters (`?`, `:name`), which nobody gives values.
  case parameters
  /// The text is not a query SQLite understands; the offset is in bytes.
  case syntax(String, offset: Int?)
  /// No table has this column; as it was written, perhaps after a table's name and a point.
  case unknownColumn(String, offset: Int?)
  /// There is no such table.
  case unknownTable(String, offset: Int?)
  /// There is no such function.
  case unknownFunction(String, offset: Int?)
  /// It is not allowed; the text says what.
  case refused(String)
  /// A table has parameters that were not given; the text is how it is called.
  case missingParameter(String)
  /// The time was over.
  case timeIsOver(seconds: Double)
  /// More memory was needed than the limit, or than there is.
  case memory(bytes: Int?)
  /// SQLite failed while it ran.
  case failed(String)

  /// The same error of a text that stands in the query after so many bytes.
  public func after(_ bytes: Int) -> QueryError {
    func moved(_ offset: Int?) -> Int? { offset.flatMap { $0 >= bytes ? $0 - bytes : nil } }
    return switch self {
    case .severalStatements(let offset): .severalStatements(offset: max(0, offset - bytes))
    case .syntax(let text, let offset): .syntax(text, offset: moved(offset))
    case .unknownColumn(let name, let offset): .unknownColumn(name, offset: moved(offset))
    case .unknownTable(let name, let offset): .unknownTable(name, offset: moved(offset))
    case .unknownFunction(let name, let offset): .unknownFunction(name, offset: moved(offset))
    default: self
    }
  }

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .empty: "There is no statement in the query."
    case .severalStatements: "A query is one statement."
    case .parameters: "The query has parameters, which nothing gives a value."
    case .syntax(let message, _): "SQLite does not understand the query: \(message)."
    case .unknownColumn(let name, _): "There is no column `\(name)`."
    case .unknownTable(let name, _): "There is no view `\(name)`."
    case .unknownFunction(let name, _): "There is no function `\(name)`."
    case .refused(let what): "A query only reads: \(what) is refused."
    case .missingParameter(let form): "The view is asked for with a version: \(form)."
    case .timeIsOver(let seconds): "The query took longer than \(seconds) seconds."
    case .memory(let bytes?): "The query needs more than \(bytes >> 20) MiB of memory."
    case .memory(nil): "The query needs more memory than there is."
    case .failed(let message): "The query failed: \(message)."
    }
  }
}
