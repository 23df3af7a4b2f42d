import ArgumentParser
import Records
import Workbench

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring the changes of another version into the current branch.",
    discussion: """
      Records are merged as records, and records that both sides edited field by field. What contradicts waits for \
      decisions, unless a flag says how to decide.

      Examples:
        mdata merge cleaner
        mdata merge cleaner --dry-run
        mdata merge cleaner --theirs -m "Corrections of the review"
      """)

  @Argument(help: "The version to bring in.")
  var revision: String

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Flag(help: "Decide conflicts as our side has it.")
  var ours = false

  @Flag(help: "Decide conflicts as their side has it.")
  var theirs = false

  @Flag(help: "Keep both answers, as two records.")
  var both = false

  @Flag(help: "Decide conflicts by the side that changed the record last.")
  var newest = false

  @Flag(help: "Decide conflicts by the higher score.")
  var bestScore = false

  @Flag(help: "Make a version even when the branch could just move on.")
  var noFf = false

  @Flag(help: "Show what would come of it and change nothing.")
  var dryRun = false

  @OptionGroup var options: GlobalOptions

  private var policy: MergePolicy? {
    if ours { return .ours }
    if theirs { return .theirs }
    if both { return .both }
    if newest { return .newest }
    return bestScore ? .bestScore(nil) : nil
  }

  func run() throws {
    var isOpen = false
    try Face.run(options) { face in
      var policies: [MergeOutcome: MergePolicy] = [:]
      for outcome in MergeOutcome.allCases where outcome.isConflict { policies[outcome] = policy }
      let request = MergeRequest(
        revision: revision, message: message, policies: policies, makesCommit: noFf, dryRun: dryRun)
      let result = try request.run(in: face.session)
      MergePage(console: face.console).print(result)
      isOpen = !result.open.isEmpty
    }
    if isOpen { throw ExitCode(1) }
  }
}
