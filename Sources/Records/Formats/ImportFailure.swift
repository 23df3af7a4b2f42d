/// Why a file cannot be imported.
public enum ImportFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file has no rows.
  case noRows
  /// A row, or the array around the rows, is malformed.
  case malformed(RejectedRow)
  /// So many malformed rows were to be left out that the file is probably something else.
  case hopeless(Int, first: RejectedRow)
  /// The first row is readable but none of its columns say what the instruction and the answer are.
  case unknownColumns([String])
  /// The content is not of the format that was asked for.
  case otherFormat(asked: Format, found: String)
  /// A role that `--map` does not know.
  case unknownRole(String)

  /// One sentence that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .noRows: return "the file has no rows"
    case .malformed(let row): return row.description
    case .hopeless(let count, let first):
      return
        "\(count) malformed rows among fewer than \(RowReader.rowsPerChunk) good ones, too many to leave out: the "
        + "file may be of another format; the first is at \(first)"
    case .unknownColumns(let names):
      let list = names.isEmpty ? "none" : names.joined(separator: ", ")
      return "no known format has these columns: \(list); say which hold the pair, for example "
        + "--map instruction=question --map output=answer"
    case .otherFormat(let asked, let found):
      return "asked to read \(asked.rawValue), but the file is \(found)"
    case .unknownRole(let role):
      let roles = FieldRole.allCases.map(\.rawValue).joined(separator: ", ")
      return "\(role) is no part of a pair; a column can be mapped to one of \(roles)"
    }
  }
}
