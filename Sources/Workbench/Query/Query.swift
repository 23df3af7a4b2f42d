import History
import Records

/// Asks a question in SQL about one version, or several.
public struct QueryRequest: Sendable {
  /// Where the text of the query is.
  public enum Text: Sendable {
    /// It was given.
    case given(String)
    /// In a file; `-` is standard input.
    case file(String)
  }

  /// The query.
  public var text: Text
  /// The version of views that name none.
  public var revision: String
  /// Seconds that the query may work.
  public var timeLimit: Double
  /// At most this many rows; nil for all.
  public var rowLimit: Int?
  /// Whether ids are given in their shortest unique form.
  public var isShort: Bool
  /// Bytes that all queries and indexes of this process may take in SQLite from now on; nil for no limit.
  public var memoryLimit: Int?

  /// A request.
  public init(
    _ text: Text, revision: String = "HEAD", timeLimit: Double = 60, rowLimit: Int? = nil,
    isShort: Bool = false,
    memoryLimit: Int? = nil
  ) {
    self.text = text
    self.revision = revision
    self.timeLimit = timeLimit
    self.rowLimit = rowLimit
    self.isShort = isShort
    self.memoryLimit = memoryLimit
  }

  /// The longest text read from a file.
  private static let longestText = 1 << 20

  /// Runs the query and hands out its rows as they are found.
  ///
  /// - Parameters:
  ///   - begin: called once, before the first row.
  ///   - each: called for every row; returns whether to go on.
  /// - Throws: ``Failure``.
  public func run(
    in session: Session, begin: (QueryHead) -> Void, each: ([QueryCell]) -> Bool
  ) throws -> QueryResult {
    try Failure.wrapping {
      let text = try read(in: session)
      if let rowLimit, rowLimit < 0 { throw Failure(.usage, "`--limit-rows \(rowLimit)` is less than none") }
      guard timeLimit > 0 else { throw Failure(.usage, "`--time-limit \(timeLimit)` leaves no time") }
      let workspace = try Workspace(session)
      let views = try QueryViews(
        workspace.resolve(revision), in: workspace, QueryWatch(limit: timeLimit, clock: session.steadyClock),
        memoryLimit: memoryLimit)
      do {
        return try run(text, views, begin, each)
      } catch let error as QueryError {
        var added: [String] = []
        if case .unknownColumn = error { added = (try? views.userColumns.all()) ?? [] }
        throw Failure(error, in: text, added: added)
      }
    }
  }

  private func run(
    _ text: String, _ views: QueryViews, _ begin: (QueryHead) -> Void, _ each: ([QueryCell]) -> Bool
  ) throws -> QueryResult {
    let statement = try views.prepare(text)
    begin(
      QueryHead(commit: try views.workspace.summary(views.commit), columns: statement.columns.map(\.name)))
    var rows = 0
    while try statement.step() {
      if let rowLimit, rows >= rowLimit { return QueryResult(rows: rows, isTruncated: true) }
      rows += 1
      let cells = try statement.columns.indices.map { column in
        let cell = QueryCell(statement.value(column))
        return isShort ? try views.shortened(cell, statement.columns[column].kind) : cell
      }
      if !each(cells) { break }
    }
    return QueryResult(rows: rows, isTruncated: false)
  }

  private func read(in session: Session) throws -> String {
    switch text {
    case .given(let text): return text
    case .file(let path):
      let bytes = try SmallFile.bytes(
        path == "-"
          ? InputFile(descriptor: session.standardInput, named: "standard input")
          : InputFile(session.path(path)),
        limit: Self.longestText)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure(.data, "`\(path)` is not valid UTF-8")
      }
      return text
    }
  }
}
