/// How a CSV or TSV file spells its rows (RFC 4180 and the dialects of common programs); part of a ``Layout``.
///
/// The line end is the layout's separator, the header line its prefix. Stored in a batch as
/// `{"delimiter":",","quoting":"needed"}`, with a list of one word a column where columns differ.
struct CSVDialect: Sendable, Equatable {
  /// When a cell is written in quotes.
  enum Quoting: String, Sendable {
    /// Only when its text needs them: a delimiter, a quote or a line break is in it (Python, pandas, Excel).
    case needed
    /// Always (R, `QUOTE_ALL`).
    case always
    /// Unless it is empty (PostgreSQL, `QUOTE_NOTNULL`).
    case unlessEmpty = "unless-empty"
  }

  /// Between two cells: a comma, a semicolon or a tab.
  var delimiter: UInt8
  /// The quoting of each column in order.
  var quoting: [Quoting]

  /// The delimiters that files are looked at for.
  static let delimiters = Array(",;\t".utf8)

  /// The dialect as it is stored in a layout.
  var json: JSONValue {
    let words = quoting.map { JSONValue.string($0.rawValue) }
    let isUniform = Set(quoting).count <= 1
    return .object([
      JSONMember("delimiter", .string(String(UnicodeScalar(delimiter)))),
      JSONMember("quoting", isUniform ? .string((quoting.first ?? .needed).rawValue) : .array(words)),
    ])
  }

  init(delimiter: UInt8, quoting: [Quoting]) {
    self.delimiter = delimiter
    self.quoting = quoting
  }

  /// Reads a stored dialect for rows of so many columns; nil when it is none.
  init?(_ json: JSONValue, columns: Int) {
    guard let text = json["delimiter"]?.string, let delimiter = text.utf8.first, text.utf8.count == 1,
      Self.delimiters.contains(delimiter)
    else { return nil }
    self.delimiter = delimiter
    if let word = json["quoting"]?.string {
      guard let one = Quoting(rawValue: word) else { return nil }
      quoting = Array(repeating: one, count: columns)
    } else {
      guard let words = json["quoting"]?.array, words.count == columns else { return nil }
      let read = words.compactMap { $0.string.flatMap(Quoting.init(rawValue:)) }
      guard read.count == columns else { return nil }
      quoting = read
    }
  }
}
