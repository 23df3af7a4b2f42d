/// Why a pair cannot be written in a format without losing part of it.
public enum ExportFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bytes are not a canonical pair.
  case notAPair
  /// The pair has earlier turns.
  case earlierTurns(Format)
  /// The pair has an input beside its instruction.
  case input(Format)
  /// The record has a column that the header of the file does not name.
  case column(String, Format)
  /// The pair has a system message.
  case system(Format)

  /// What is wrong and what to do; the caller puts the record's id before it.
  public var description: String {
    switch self {
    case .notAPair: "the object is not a pair"
    case .earlierTurns(let format):
      "the pair has earlier turns, which \(format.rawValue) cannot hold; export as messages or sharegpt"
    case .input(let format):
      "the pair has an input, which \(format.rawValue) cannot keep apart from the instruction; export as "
        + "alpaca-json, alpaca-jsonl, csv or tsv, or join the input to the instruction"
    case .column(let name, let format):
      "the record has a column \"\(name)\" that the \(format.rawValue) header does not name; export as "
        + "alpaca-jsonl, which holds columns that only some rows have"
    case .system(let format):
      "the pair has a system message, which \(format.rawValue) cannot hold; export as alpaca-json, "
        + "alpaca-jsonl, messages or sharegpt"
    }
  }
}
