import ArgumentParser
import Records
import Workbench

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make the changes of a patch to the current branch.",
    discussion: """
      A patch is what `mdata diff A B --patch` writes: it can be sent, reviewed and applied in another copy. Records are \
      found by their ids, and edits are put together field by field, so the branch need not be at the version the patch \
      was made from. What contradicts is listed and nothing is applied, unless a flag decides it.

      Examples:
        mdata apply review.patch --dry-run
        mdata apply review.patch -m "Corrections of the review"
        mdata apply review.patch --reverse --theirs
      """)

  @Argument(help: "The patch; - for standard input.", completion: .file())
  var patch: String

  @Flag(name: [.customShort("R"), .long], help: "Apply its opposite.")
  var reverse = false

  @Flag(help: "Leave what contradicts as the branch has it.")
  var ours = false

  @Flag(help: "Make of what contradicts what the patch wants.")
  var theirs = false

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Flag(help: "Show what would change and change nothing.")
  var dryRun = false

  @OptionGroup(title: "Signature") var signing: SigningFlags

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if ours, theirs { throw ValidationError("one way to decide at a time") }
  }

  func run() throws {
    var isOpen = false
    try Face.run(options) { face in
      let result = try ApplyRequest(
        patch: patch, isReversed: reverse, policy: ours ? .ours : theirs ? .theirs : nil, message: message,
        dryRun: dryRun
      ).run(in: face.session(signing))
      options.json
        ? face.console.json(result.json(isDryRun: dryRun))
        : ApplyPage(console: face.console, isDryRun: dryRun).print(result)
      isOpen = !result.isDecided
    }
    if isOpen { throw ExitCode(1) }
  }
}
