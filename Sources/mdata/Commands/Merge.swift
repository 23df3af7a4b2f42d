import ArgumentParser
import Records
import Workbench

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring the changes of another version into the current branch.",
    discussion: """
      Records are merged as records, and a record that both sides edited field by field. What contradicts waits for \
      decisions, unless a flag says how to decide: then `mdata resolve` decides, and --continue makes the version, or \
      --abort gives the merge up.

      Examples:
        mdata merge cleaner --dry-run
        mdata merge cleaner
        mdata merge cleaner --theirs -m "Corrections of the review"
        mdata merge cleaner --decide edit/delete=ours --decide same-task-different-answer=both
      """)

  @Argument(help: "The version to bring in.")
  var revision: String?

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @OptionGroup(title: "How conflicts are decided") var decision: DecisionFlags

  @Option(
    help: ArgumentHelp(
      "Conflicts of one kind (\(DecisionFlags.kinds)) by ours, theirs, both, newest or best-score.",
      valueName: "kind=way"))
  var decide: [String] = []

  @Flag(help: "Make a version even when the branch could just move on.")
  var noFf = false

  @Flag(help: "Show what would come of it and change nothing.")
  var dryRun = false

  @Flag(name: .customLong("continue"), help: "Make the version, now that all is decided.")
  var goesOn = false

  @Flag(help: "Give up the merge that waits for decisions.")
  var abort = false

  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard [revision != nil, goesOn, abort].filter({ $0 }).count == 1 else {
      throw ValidationError("give a version to merge, '--continue' or '--abort'")
    }
    if revision == nil, decision.policy != nil || !decide.isEmpty || noFf || dryRun {
      throw ValidationError("that belongs to the beginning of a merge; 'mdata resolve' decides now")
    }
    if abort, message != nil { throw ValidationError("'--message' belongs to a version") }
    _ = try policies()
  }

  private func policies() throws -> [MergeOutcome: MergePolicy] {
    var policies = decision.policies
    for text in decide {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let outcome = MergeOutcome(rawValue: parts[0]), outcome.isConflict,
        let policy = DecisionFlags.policy(named: parts[1])
      else {
        throw ValidationError(
          "'--decide \(text)' is not a kind of conflict (\(DecisionFlags.kinds)), '=', and ours, theirs, both, newest or best-score"
        )
      }
      policies[outcome] = policy
    }
    return policies
  }

  func run() throws {
    var isOpen = false
    try Face.run(options) { face in
      if abort {
        let result = try MergeAbortRequest().run(in: face.session)
        return options.json
          ? face.console.json(result.json) : MergePage(console: face.console, isDryRun: false).print(result)
      }
      let result =
        if let revision {
          try MergeRequest(
            revision: revision, message: message, policies: policies(), makesCommit: noFf, dryRun: dryRun
          ).run(in: face.session(signing))
        } else {
          try MergeContinueRequest(message: message).run(in: face.session(signing))
        }
      options.json
        ? face.console.json(result.json(isDryRun: dryRun))
        : MergePage(console: face.console, isDryRun: dryRun).print(result)
      isOpen = !result.open.isEmpty
    }
    if isOpen { throw ExitCode(1) }
  }
}
