import Records

/// Where an item stands.
enum ItemPlace: Sendable {
  /// A row of the file that is looked at, from 1.
  case row(Int)
  /// A record of a version.
  case record(RecordID)
  /// A row, from 1, of another file.
  case other(file: String, row: Int)
  /// A seed, by the name that rows and prompts call it.
  case seed(String)

  /// The record, where it is one.
  var record: RecordID? { if case .record(let id) = self { id } else { nil } }

  /// As people and programs see it: a record's id, a row's number, `FILE:ROW`, or `seed NAME`.
  func json(_ workspace: Workspace?) throws -> JSONValue {
    switch self {
    case .row(let row): .integer(row)
    case .record(let id): .string(try workspace?.short(id) ?? id.description)
    case .other(let file, let row): .string("\(file):\(row)")
    case .seed(let name): .string("seed \(name)")
    }
  }
}
