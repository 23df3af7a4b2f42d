import ArgumentParser
import Records
import Workbench

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Give records scores: what a judge, a person or a query says of them.",
    discussion: """
      Makes one version in which the records have the numbers as columns of that name, called scores: `query`, `select`, \
      `dedup --keep best-score`, `merge --best-score` and `audit` see them. Their pairs stay. A row of the file names its \
      record in `record` (a record id), or all records with a pair in `pair`, or by a column of the records with --key; \
      every other column of numbers is a score. What is null or missing says nothing: the record stays as it is, and a \
      judgement that failed is never a zero.

      Examples:
        mdata score main --from scores.jsonl
        mdata score --from judged.csv --key id --column quality=rating -m "Rated by the judge"
        mdata score --sql "SELECT record, length(output) AS answer_length FROM records" --dry-run
      """)

  @Argument(help: "The branch; with --dry-run any version.")
  var revision: String = "HEAD"

  @Option(
    help: ArgumentHelp(
      "Take them from this file: JSON lines, a JSON array, CSV or TSV; - is standard input.",
      valueName: "file"),
    completion: .file())
  var from: String?

  @Option(help: ArgumentHelp("The column of the records by which rows name them.", valueName: "column"))
  var key: String?

  @Option(
    help: ArgumentHelp("Only this score, from this column of the file. Repeatable.", valueName: "name=column")
  )
  var column: [String] = []

  @Option(help: ArgumentHelp("The name recorded for the file; needed for standard input.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Take them from this query: its first column is `record`, the others are scores of their names.",
      valueName: "select"))
  var sql: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Stop a query after this much work.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Flag(help: "Show what would change and change nothing.")
  var dryRun = false

  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard (from == nil) != (sql == nil) else {
      throw ValidationError("give '--from FILE' or '--sql SELECT', where the scores are")
    }
    if from == nil, key != nil || !column.isEmpty || name != nil {
      throw ValidationError("'--key', '--column' and '--name' belong to '--from'")
    }
    if sql == nil, timeLimit != nil { throw ValidationError("'--time-limit' belongs to '--sql'") }
  }

  private func source() throws -> ScoreRequest.Source {
    if let sql {
      return .query(sql, timeLimit: timeLimit ?? 60, memoryLimit: Select.memoryLimit)
    }
    return .file(
      from ?? "", name: name, key: key,
      columns: try ImportFlags.pairs(column, "--column", example: "quality=rating"))
  }

  func run() throws {
    try Face.run(options) { face in
      let result = try ScoreRequest(source(), revision: revision, message: message, dryRun: dryRun)
        .run(in: face.session(signing))
      if options.json {
        face.console.json(result.json(isDryRun: dryRun))
      } else {
        ScorePage(console: face.console, isDryRun: dryRun).print(result)
      }
    }
  }
}
