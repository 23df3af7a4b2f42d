import History

extension Failure {
  /// A query's error as a failure, with its place in the text and the names that may have been meant.
  init(_ error: QueryError, in text: String, added: [String]) {
    var message = "\(error)"
    if message.hasSuffix(".") { message.removeLast() }
    if !message.hasPrefix("SQLite") { message = message.prefix(1).lowercased() + message.dropFirst() }
    switch error {
    case .empty: self.init(.usage, message, hint: "such as `mdata query \"SELECT count(*) FROM records\"`")
    case .severalStatements(let offset):
      self.init(
        .usage, message + Self.place(offset, in: text),
        hint: "run them one by one, each with its own `mdata query`")
    case .parameters: self.init(.usage, message, hint: "write the values into the query")
    case .syntax(_, let offset):
      self.init(.usage, message + Self.place(offset, in: text), hint: Self.viewsHint)
    case .unknownColumn(let name, let offset):
      self.init(.usage, message + Self.place(offset, in: text))
      let bare = name.split(separator: ".").last.map(String.init) ?? name
      let known = QuerySchema.views.flatMap { $0.columns.map(\.name) } + added
      if let near = Suggestion.closest(to: bare, among: known) { hints.append("did you mean `\(near)`?") }
      if text.contains("\"\(bare)\"") { hints.append("a text stands between single quotes: '\(bare)'") }
      hints.append("`mdata help query` lists the columns; those of your rows are columns of `records`, too")
    case .unknownTable(let name, let offset):
      self.init(.usage, message + Self.place(offset, in: text))
      if let near = Suggestion.closest(to: name, among: QuerySchema.views.map(\.name)) {
        hints.append("did you mean `\(near)`?")
      }
      hints.append(Self.viewsHint)
    case .unknownFunction(_, let offset):
      self.init(
        .usage, message + Self.place(offset, in: text),
        hint: "SQLite's functions for text, numbers, dates, JSON, groups and windows are there")
    case .refused:
      self.init(
        .denied, message,
        hint: "a query is one SELECT over the views; `mdata commit` is what changes a version")
    case .missingParameter: self.init(.usage, message)
    case .timeIsOver(let seconds):
      let shown = seconds == seconds.rounded() ? "\(Int(clamping: Int64(seconds)))" : "\(seconds)"
      self.init(
        .other, "the query took longer than \(shown) \(seconds == 1 ? "second" : "seconds")",
        hint:
          "give it more with `--time-limit SECONDS`, or compare `record`, `batch` or `position` to read less")
    case .memory:
      self.init(.other, message, hint: "select fewer or shorter columns, or group by less")
    case .failed: self.init(.other, message)
    }
  }

  private static var viewsHint: String {
    "the views are \(QuerySchema.views.map(\.name).joined(separator: ", ")); `mdata help query` lists their columns"
  }

  /// ` (line 1, column 8)`, counted in characters from 1.
  private static func place(_ offset: Int?, in text: String) -> String {
    guard let offset, offset <= text.utf8.count else { return "" }
    let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    return " (line \(lines.count), column \((lines.last?.count ?? 0) + 1))"
  }
}
