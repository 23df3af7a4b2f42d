import ArgumentParser
import Records
import Workbench

struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide a version into train, validation and test, each a version of its own.",
    discussion: """
      A record's part follows from its task alone (instruction, input and earlier turns, without regard to case, space \
      and Unicode form) and the seed: near-copies of a task stay together, and rows that are added later move no other \
      row. So the shares are met as chance has it, and the actual ones are printed. Each part is a commit on a branch \
      of its own, NAME/train and so on, that follows the version it was made of.

      Examples:
        mdata split v1 --train 0.9 --validation 0.05 --test 0.05
        mdata split main --train 80% --test 20% --seed 7 --name by-batch --by batch
        mdata split v1 --train 0.9 --test 0.1 --name two --dry-run
      """)

  @Argument(help: "What to split.")
  var revision: String = "HEAD"

  @Option(help: ArgumentHelp("The share of the part `train`, as 0.9 or 90%.", valueName: "share"))
  var train: String?

  @Option(help: ArgumentHelp("The share of the part `validation`.", valueName: "share"))
  var validation: String?

  @Option(help: ArgumentHelp("The share of the part `test`.", valueName: "share"))
  var test: String?

  @Option(
    help: ArgumentHelp(
      "What decides: task, record, or a field (batch, file, teacher, license, a column) whose records stay together.",
      valueName: "key"))
  var by: String = "task"

  @Option(help: ArgumentHelp("Another number, another split.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("How the names of the branches begin.", valueName: "name"))
  var name: String = "split"

  @Flag(help: "Show what would come of it and change nothing.")
  var dryRun = false

  @OptionGroup(title: "Signature") var signing: SigningFlags

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    let parts = try parts()
    var sum: Share?
    for part in parts {
      guard let total = sum.map({ $0.adding(part.share) }) ?? part.share else {
        throw ValidationError("the shares are together more than everything")
      }
      sum = total
    }
    guard parts.count > 1, sum == .whole else {
      throw ValidationError(
        "give at least two of '--train', '--validation' and '--test', which are together everything: such as '--train 0.9 --test 0.1'"
      )
    }
  }

  private func parts() throws -> [(name: String, share: Share)] {
    try [("train", train), ("validation", validation), ("test", test)].compactMap { name, text in
      guard let text else { return nil }
      guard let share = Share(text), share.billionths > 0 else {
        throw ValidationError("'--\(name) \(text)' is not a share, such as 0.05 or 5%")
      }
      return (name, share)
    }
  }

  func run() throws {
    try Face.run(options) { face in
      let result = try SplitRequest(
        revision: revision, parts: parts(), key: SplitKey(by), seed: seed, name: name, dryRun: dryRun
      ).run(in: face.session(signing))
      if options.json {
        face.console.json(result.json(by: by, seed: seed, isDryRun: dryRun))
      } else {
        SubsetPage(console: face.console, isDryRun: dryRun).print(result)
      }
      for part in result.parts where part.records == 0 && !options.quiet {
        face.console.remark(
          "note: the part \(part.name) has no record: give it a larger share, or take another --seed")
      }
    }
  }
}
