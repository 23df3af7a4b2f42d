import ArgumentParser
import Records
import Workbench

struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask a question in SQL about any version, without changing anything.",
    discussion: """
      One SELECT (or WITH, VALUES, EXPLAIN) in SQLite's SQL over these views. Views with a revision in parentheses can \
      be asked about another version: records('v1').

      \(QuerySchema.help)

      Columns that rows brought along (topic, quality, …) are columns of records, too. Ids are full; shorter ones \
      are understood in comparisons. docs/query.md says what each column holds.

      Examples:
        mdata query "SELECT quality, count(*) FROM records GROUP BY quality"
        mdata query "SELECT record, output FROM records WHERE length(output) < 20" --csv
        mdata query "SELECT * FROM diff('v1', 'HEAD') WHERE change = 'edited'" --json
        mdata query --at v1 --file question.sql
      """)

  @Argument(help: ArgumentHelp("The query; `-` reads it from standard input.", valueName: "sql"))
  var sql: String?

  @Option(help: ArgumentHelp("Read the query from this file.", valueName: "file"))
  var file: String?

  @Option(help: ArgumentHelp("The version to ask.", valueName: "rev"))
  var at: String = "HEAD"

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "With --csv: leave cells as they are that a spreadsheet would take for formulas.")
  var raw = false

  @Option(parsing: .unconditional, help: ArgumentHelp("Stop after this much work.", valueName: "seconds"))
  var timeLimit: Double = 60

  @Option(parsing: .unconditional, help: ArgumentHelp("Stop after this many rows.", valueName: "count"))
  var limitRows: Int?

  @OptionGroup var options: GlobalOptions

  /// What SQLite may take; together with what is read at a time a query stays under 256 MiB.
  private static let memoryLimit = 128 << 20

  func validate() throws {
    guard (sql == nil) != (file == nil) else {
      throw ValidationError("Give the query, or the file it is in with '--file'")
    }
    if csv, options.json { throw ValidationError("'--csv' and '--json' are two forms of one result") }
    if raw, !csv { throw ValidationError("'--raw' is about '--csv'") }
  }

  func run() throws {
    try Face.run(options) { face in
      let text = file.map(QueryRequest.Text.file) ?? (sql == "-" ? .file("-") : .given(sql ?? ""))
      let isTable = !csv && !options.json
      let request = QueryRequest(
        text, revision: at, timeLimit: timeLimit, rowLimit: limitRows, isShort: isTable,
        memoryLimit: Self.memoryLimit)
      let page = page(on: face.console)
      let result = try request.run(
        in: face.session, begin: page.begin,
        each: { row in
          page.add(row)
          return face.console.writeError == nil
        })
      page.end(result)
      if result.isTruncated, !options.json {
        face.console.remark("note: there are more rows than the \(result.rows) of `--limit-rows`")
      }
    }
  }

  private func page(on console: Console) -> any QueryPage {
    if options.json { return QueryDocument(console: console) }
    return csv ? QueryCSV(console: console, isRaw: raw) : QueryGrid(console: console)
  }
}
