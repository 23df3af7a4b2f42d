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

  @OptionGroup var pick: PickFlags
  @OptionGroup var options: GlobalOptions

  func run() throws { try pick.run(.revert, options) }
}
