import ArgumentParser
import Workbench

/// What `cherry-pick` and `revert` are told: which commit, and how its changes come in.
struct PickFlags: ParsableArguments {
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

  /// Does it and prints what came of it; ends with 1 when conflicts wait.
  func run(_ kind: PickRequest.Kind, _ options: GlobalOptions) throws {
    var isOpen = false
    try Face.run(options) { face in
      let result = try PickRequest(
        kind, revision: revision, mainline: mainline, message: message, policies: decision.policies,
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
