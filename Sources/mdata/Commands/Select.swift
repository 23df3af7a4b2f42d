import ArgumentParser
import Records
import Workbench

struct Select: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Keep some records of a version: by a condition, by chance, or so many of each kind.",
    discussion: """
      What is kept is one commit, on the current branch or with --branch on a new one, and its message says why. A \
      condition is SQL over the columns of the view `records` (`mdata help query`) and of the rows. Chance follows from \
      the seed and the records' ids: the same version and seed, the same sample. A field is batch, file, teacher, \
      license or a column; records that have none are a group of their own.

      Examples:
        mdata select --where "quality >= 4 AND length(output) < 400" --branch good
        mdata select v1 --sample 1000 --stratify teacher --seed 7 --branch small
        mdata select --balance teacher --max 200 --dry-run
        mdata select --where "output LIKE '%as an AI%'" --invert -m "Refusals dropped"
      """)

  @Argument(help: "What to select from; by default the current version.")
  var revision: String?

  @Option(
    name: .customLong("where"), help: ArgumentHelp("Records that satisfy this condition.", valueName: "sql"))
  var condition: String?

  @Option(help: ArgumentHelp("So many of them by chance, or so many percent.", valueName: "n|p%"))
  var sample: String?

  @Option(
    help: ArgumentHelp("With --sample: as large a part of each value of this field.", valueName: "field"))
  var stratify: String?

  @Option(
    help: ArgumentHelp(
      "The same number with each value of this field: as many as the rarest has.", valueName: "field"))
  var balance: String?

  @Option(help: ArgumentHelp("With --balance: at most so many of each.", valueName: "count"))
  var max: Int?

  @Option(help: ArgumentHelp("Another number, another sample.", valueName: "number"))
  var seed: UInt64?

  @Flag(help: "Keep the others.")
  var invert = false

  @Option(help: ArgumentHelp("Make this branch for it; the current one stays as it is.", valueName: "name"))
  var branch: String?

  @Option(name: .shortAndLong, help: "The first line of the commit's message.")
  var message: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stop a condition after this much work.", valueName: "seconds"))
  var timeLimit: Double = 60

  @Flag(help: "Show what would come of it and change nothing.")
  var dryRun = false

  @OptionGroup(title: "Signature") var signing: SigningFlags

  @OptionGroup var options: GlobalOptions

  /// What SQLite may take, as for `query`, with room for the index, which learns of the commit.
  static let memoryLimit = 256 << 20

  func validate() throws {
    guard condition != nil || sample != nil || balance != nil else {
      throw ValidationError("give '--where', '--sample' or '--balance'")
    }
    if sample != nil, balance != nil {
      throw ValidationError("'--sample' and '--balance' are two choices: give one")
    }
    if stratify != nil, sample == nil { throw ValidationError("'--stratify' belongs to '--sample'") }
    if max != nil, balance == nil { throw ValidationError("'--max' belongs to '--balance'") }
    if let max, max < 1 { throw ValidationError("'--max \(max)' is less than one") }
    if seed != nil, sample == nil, balance == nil {
      throw ValidationError("'--seed' belongs to '--sample' and '--balance'")
    }
    if let condition, condition.allSatisfy(\.isWhitespace) { throw ValidationError("the condition is empty") }
    guard timeLimit > 0 else { throw ValidationError("'--time-limit \(timeLimit)' leaves no time") }
    _ = try choice()
  }

  private func choice() throws -> Selection.Choice {
    if let balance { return .balance(balance, max: max) }
    guard let sample else { return .all }
    guard let amount = Amount(sample), amount != .records(0) else {
      throw ValidationError("'--sample \(sample)' is neither a number of records nor a percentage up to 100%")
    }
    return .sample(amount, stratify: stratify)
  }

  func run() throws {
    try Face.run(options) { face in
      let selection = Selection(
        condition: condition, choice: try choice(), seed: seed ?? 0, isInverted: invert, timeLimit: timeLimit,
        memoryLimit: Self.memoryLimit)
      let result = try SelectRequest(
        revision: revision, selection: selection, branch: branch, message: message, dryRun: dryRun
      ).run(in: face.session(signing))
      if options.json {
        face.console.json(result.json(isDryRun: dryRun))
      } else {
        SubsetPage(console: face.console, isDryRun: dryRun).print(result)
      }
    }
  }
}
