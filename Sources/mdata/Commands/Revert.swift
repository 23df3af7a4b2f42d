import ArgumentParser
import Workbench

struct Revert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert",
    abstract: "Take back what one commit changed.",
    discussion: """
      Makes a version of the current branch without the changes of a commit; later changes stay. What contradicts \
      them waits for decisions, as in a merge. `mdata undo` takes back what was just done, without a trace in the \
      history.

      Examples:
        mdata revert HEAD~1 --dry-run
        mdata revert HEAD~1
        mdata revert v2 --ours -m "Without the second batch"
      """)

  @Argument(help: "The commit.")
  var revision: String

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Option(
    help: ArgumentHelp("Of a merge, the parent that its changes are counted from.", valueName: "number"))
  var mainline: Int?

  @OptionGroup(title: "How conflicts are decided") var decision: DecisionFlags

  @Flag(help: "Show what would come of it and change nothing.")
  var dryRun = false

  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  func run() throws {
    var isOpen = false
    try Face.run(options) { face in
      let result = try PickRequest(
        .revert, revision: revision, mainline: mainline, message: message, policies: decision.policies,
        dryRun: dryRun
      ).run(in: face.session(signing))
      options.json
        ? face.console.json(result.json(isDryRun: dryRun))
        : MergePage(console: face.console, isDryRun: dryRun).print(result)
      isOpen = !result.open.isEmpty
    }
    if isOpen { throw ExitCode(1) }
  }
}
