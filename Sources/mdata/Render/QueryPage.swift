import Records
import Workbench

/// A form in which the rows of a query are printed as they come.
protocol QueryPage {
  /// Called once, before the rows.
  func begin(_ head: QueryHead)
  func add(_ row: [QueryCell])
  /// Called when the query has ended well.
  func end(_ result: QueryResult)
}

extension QueryCell {
  /// The value as text; null has none.
  var text: String? {
    switch self {
    case .null: nil
    case .integer(let number): "\(number)"
    case .real(let number):
      number.isFinite
        ? String(decoding: CanonicalJSON.encode(.number(number)), as: UTF8.self) : number > 0 ? "inf" : "-inf"
    case .text(let text): text
    case .blob(let bytes): Hex.encode(bytes)
    }
  }
}

/// Rows in JSON: one document, written row by row.
final class QueryDocument: QueryPage {
  private let console: Console
  private var names: [[UInt8]] = []
  private var isFirst = true

  init(console: Console) { self.console = console }

  func begin(_ head: QueryHead) {
    let columns = Self.distinct(head.columns)
    names = columns.map { CanonicalJSON.encode(.string($0)) + [UInt8(ascii: ":")] }
    write("{\"schema\":\"mdata.query/v1\",\"commit\":\"\(head.commit.commit)\",\"columns\":")
    console.write(CanonicalJSON.encode(.array(columns.map(JSONValue.string))))
    write(",\"rows\":[")
  }

  func add(_ row: [QueryCell]) {
    var text: [UInt8] = Array((isFirst ? "{" : ",{").utf8)
    isFirst = false
    for (column, cell) in row.enumerated() {
      if column > 0 { text.append(UInt8(ascii: ",")) }
      text += names[column]
      switch cell {
      case .null: text += Array("null".utf8)
      // As digits, since a JSON number of ours is a double.
      case .integer(let number): text += Array("\(number)".utf8)
      case .real(let number): CanonicalJSON.append(.number(number), to: &text)
      case .text(let string): CanonicalJSON.append(string, to: &text)
      case .blob(let bytes): CanonicalJSON.append(Hex.encode(bytes), to: &text)
      }
    }
    text.append(UInt8(ascii: "}"))
    console.write(text)
  }

  func end(_ result: QueryResult) {
    write("],\"count\":\(result.rows),\"truncated\":\(result.isTruncated)}\n")
  }

  /// Names that a JSON object can have side by side: the second `record` is `record_2`.
  static func distinct(_ columns: [String]) -> [String] {
    var taken: Set<[UInt8]> = []
    return columns.map { column in
      var name = column
      var number = 1
      while !taken.insert(Array(name.utf8)).inserted {
        number += 1
        name = "\(column)_\(number)"
      }
      return name
    }
  }

  private func write(_ text: String) { console.write(Array(text.utf8)) }
}
