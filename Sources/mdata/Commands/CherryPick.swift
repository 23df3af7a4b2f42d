import ArgumentParser
import Workbench

struct CherryPick: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cherry-pick",
    abstract: "Take over what one commit changed.",
    discussion: """
      Makes a version of the current branch with the changes of a commit of another one, record by record and \
      field by field. What contradicts waits for decisions, as in a merge.

      Examples:
        mdata cherry-pick cleaner --dry-run
        mdata cherry-pick cleaner
        mdata cherry-pick cleaner~1 --theirs -m "The corrected doses"
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
        .cherryPick, revision: revision, mainline: mainline, message: message, policies: decision.policies,
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
