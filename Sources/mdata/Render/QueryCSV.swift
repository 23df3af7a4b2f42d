import Workbench

/// Rows as comma-separated values (RFC 4180, but for lines that end with a line feed), the names of the columns first.
///
/// A null is an empty cell, an empty text is `""`. Spreadsheets take a cell that begins with one of a few characters
/// for a formula, so such texts get an apostrophe in front, unless they are to stay as they are.
final class QueryCSV: QueryPage {
  private let console: Console
  private let isRaw: Bool

  init(console: Console, isRaw: Bool) {
    self.console = console
    self.isRaw = isRaw
  }

  func begin(_ head: QueryHead) { add(head.columns.map(QueryCell.text)) }

  func add(_ row: [QueryCell]) {
    var line: [UInt8] = []
    for (column, cell) in row.enumerated() {
      if column > 0 { line.append(UInt8(ascii: ",")) }
      guard let text = cell.text else { continue }
      if case .text = cell { append(text, to: &line) } else { line += Array(text.utf8) }
    }
    // A line without anything would be no row.
    if line.isEmpty { line = Array("\"\"".utf8) }
    console.write(line + [0x0A])
  }

  func end(_ result: QueryResult) {}

  private func append(_ text: String, to line: inout [UInt8]) {
    let bytes = Array(text.utf8)
    let isFormula = !isRaw && bytes.first.map(Self.formulaStarts.contains) == true
    let isQuoted = bytes.isEmpty || isFormula || bytes.contains(where: Self.needsQuotes.contains)
    guard isQuoted else { return line += bytes }
    line.append(UInt8(ascii: "\""))
    if isFormula { line.append(UInt8(ascii: "'")) }
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { line.append(byte) }
      line.append(byte)
    }
    line.append(UInt8(ascii: "\""))
  }

  private static let formulaStarts: Set<UInt8> = Set("=+-@\t\r\0".utf8)
  private static let needsQuotes: Set<UInt8> = Set(",\"\r\n".utf8)
}
